package io.tidemark.jepsen;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.jepsen.cluster.Cluster;
import io.tidemark.jepsen.cluster.CommandLine;
import io.tidemark.jepsen.cluster.Distribution;
import io.tidemark.jepsen.cluster.NodeStatus;
import io.tidemark.jepsen.cluster.Trees;
import io.tidemark.jepsen.history.Header;
import io.tidemark.jepsen.history.Recorder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Where one test fights: a temporary directory, the clusters in it, histories. Afterwards everything is stopped and
 * removed; of a failed test, logs and histories stay in {@code target/jepsen/<class>.<method>/}.
 */
final class Arena implements BeforeEachCallback, AfterEachCallback {

    /** Longer runs, for a machine with time. */
    static final boolean LONG = Boolean.getBoolean("tidemark.long");

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final List<Cluster> clusters = new ArrayList<>();
    private Path directory;
    private Path evidence;
    private CommandLine commands;
    private final List<Recorder> histories = new ArrayList<>();

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        String test = context.getRequiredTestClass().getSimpleName() + "."
                + context.getRequiredTestMethod().getName();
        evidence = Path.of("target", "jepsen", test).toAbsolutePath();
        Trees.remove(evidence);
        directory = Files.createTempDirectory("tidemark-jepsen-");
        commands = commands(Map.of());
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        boolean failed = context.getExecutionException().isPresent();
        if (failed) {
            for (int i = 0; i < clusters.size(); i++) {
                clusters.get(i).collect(evidence.resolve("cluster-" + (i + 1)));
            }
            for (int i = 0; i < histories.size(); i++) {
                histories.get(i).history().writeTo(evidence.resolve("history-" + (i + 1) + ".jsonl"));
            }
            Trees.copyFiles(directory.resolve("commands"), evidence.resolve("commands"));
        }
        while (!open.isEmpty()) {
            open.pop().close();
        }
        Trees.remove(directory);
        if (!failed) {
            for (Cluster cluster : clusters) {
                cluster.watch().check();
            }
        }
    }

    /** Says what a test showed, in numbers: on standard output and in {@code target/jepsen/results.txt}. */
    void report(String format, Object... values) {
        String line = evidence.getFileName() + ": " + String.format(Locale.ROOT, format, values);
        System.out.println(line);
        try {
            Files.createDirectories(evidence.getParent());
            Files.writeString(
                    evidence.resolveSibling("results.txt"),
                    line + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A path in the test's own directory. */
    Path path(String name) {
        return directory.resolve(name);
    }

    CommandLine commands() {
        return commands;
    }

    /** A command line with more in its environment. */
    CommandLine commands(Map<String, String> environment) {
        return new CommandLine(Distribution.find(), directory, directory.resolve("commands"), environment);
    }

    /** A new history; written down if the test fails. */
    Recorder history() {
        Recorder history = Recorder.inMemory(Header.of("register"), System::nanoTime);
        histories.add(history);
        return history;
    }

    /** Closes this when the test ends, in reverse order. */
    <T extends AutoCloseable> T closing(T closeable) {
        open.push(closeable);
        return closeable;
    }

    /** A new cluster with an S3 endpoint of its own, ready. */
    Cluster up() {
        return adopt(Cluster.up(path("cluster"), commands, null));
    }

    /** Watches over a cluster that the test started otherwise. */
    Cluster adopt(Cluster cluster) {
        clusters.add(cluster);
        return closing(cluster);
    }

    /**
     * What must hold after every test: all nodes are there, at rest with equal marks, checked at every move; nothing
     * contradicted the invariant meanwhile; nodes and S3 hold the same.
     */
    List<NodeStatus> assertWhole(Cluster cluster) {
        cluster.awaitAllReady();
        List<NodeStatus> nodes = cluster.awaitRest();
        cluster.watch().check();
        assertTrue(cluster.watch().polls() > 0, "nobody watched");
        for (NodeStatus node : nodes) {
            assertTrue(node.checkedMoves() > 0, "no move of a mark was checked: " + node);
        }
        cluster.verify();
        return nodes;
    }
}
