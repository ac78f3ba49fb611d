package io.tidemark.jepsen.nemesis;

import io.tidemark.jepsen.cluster.Cluster;
import io.tidemark.jepsen.cluster.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * One node is killed, and one of its files damaged before it starts again. It may notice and refuse, or go on with what it
 * can prove: it must never serve what is wrong. A node that refuses is treated as an operator would: its disk is removed.
 *
 * <p>Raft forgives no voter that forgets what it has acknowledged, and some cuts cannot be seen. So the node starts again
 * only when every other one has applied all that was committed when it died: nothing acknowledged then depends on it.
 */
public final class CorruptionNemesis implements Nemesis {

    /** Kinds of files by the folders that they lie in. */
    private static final List<String> KINDS = List.of("pages", "wal", "table", "log", "raft-meta");

    private final Cluster cluster;
    private final Operator operator;
    private final Random random;
    private String struck;
    private String remedy = "";

    /** @param random chooses node, file and damage */
    public CorruptionNemesis(Cluster cluster, Operator operator, Random random) {
        this.cluster = cluster;
        this.operator = operator;
        this.random = random;
    }

    @Override
    public String name() {
        return "corruption";
    }

    @Override
    public String strike() {
        String node = Target.ONE.choose(cluster, random).get(0);
        struck = node;
        cluster.kill(node);
        if (!new Others(cluster, node).haveAll(operator.truce())) {
            return node + ": killed only, something may depend on it";
        }
        Map<String, Path> files = Trees.files(cluster.directory().resolve(node));
        String kind = KINDS.get(random.nextInt(KINDS.size()));
        List<String> candidates = files.entrySet().stream()
                .filter(file -> kind(file.getKey()).equals(Optional.of(kind)) && size(file.getValue()) > 0)
                .map(Map.Entry::getKey)
                .toList();
        if (candidates.isEmpty()) {
            return node + ": killed only, it has no file of " + kind;
        }
        String chosen = candidates.get(random.nextInt(candidates.size()));
        Damage damage = Damage.values()[random.nextInt(Damage.values().length)];
        try {
            return node + ": " + chosen + ": " + damage.inflict(files.get(chosen), random);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot damage " + files.get(chosen), e);
        }
    }

    private static Optional<String> kind(String file) {
        if (file.endsWith("pages.dat")) {
            return Optional.of("pages");
        }
        for (String folder : List.of("wal", "table")) {
            if (file.contains("/" + folder + "/") && !file.endsWith("lock.mdb")) {
                return Optional.of(folder);
            }
        }
        if (file.contains("/current/log_")) {
            return Optional.of("log");
        }
        return file.endsWith("raft-meta") ? Optional.of("raft-meta") : Optional.empty();
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void heal() {
        remedy = "";
        if (struck == null) {
            return;
        }
        String node = struck;
        struck = null;
        remedy = operator.mend(node);
    }

    @Override
    public String remedy() {
        return remedy;
    }
}
