package io.tidemark.jepsen.nemesis;

import io.tidemark.jepsen.cluster.Cluster;
import io.tidemark.jepsen.cluster.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * One node is stopped cleanly, so that its pages are all it has of its state, and many of their bits flip before it starts
 * again. What it serves must be right, from another copy, or it must refuse.
 */
public final class BitRotNemesis implements Nemesis {

    private static final String PAGES = "pages.dat";
    private static final int BITS = 100;

    private final Cluster cluster;
    private final Operator operator;
    private final Random random;
    private String struck;
    private String remedy = "";

    /** @param random chooses node and bits */
    public BitRotNemesis(Cluster cluster, Operator operator, Random random) {
        this.cluster = cluster;
        this.operator = operator;
        this.random = random;
    }

    @Override
    public String name() {
        return "bit-rot";
    }

    @Override
    public String strike() {
        struck = Target.ONE.choose(cluster, random).get(0);
        cluster.terminate(struck);
        if (!new Others(cluster, struck).haveAll(operator.truce())) {
            return struck + ": stopped only, something may depend on it";
        }
        List<Path> pages = Trees.files(cluster.directory().resolve(struck)).entrySet().stream()
                .filter(file -> file.getKey().endsWith(PAGES)
                        && file.getValue().toFile().length() > 0)
                .map(Map.Entry::getValue)
                .toList();
        for (Path file : pages) {
            for (int i = 0; i < BITS; i++) {
                try {
                    Damage.BIT_FLIP.inflict(file, random);
                } catch (IOException e) {
                    throw new UncheckedIOException("cannot damage " + file, e);
                }
            }
        }
        return struck + ": "
                + (pages.isEmpty() ? "stopped only, it has no pages" : BITS + " bits of its pages flipped");
    }

    @Override
    public void heal() {
        remedy = "";
        if (struck != null) {
            String node = struck;
            struck = null;
            remedy = operator.mend(node);
        }
    }

    @Override
    public String remedy() {
        return remedy;
    }
}
