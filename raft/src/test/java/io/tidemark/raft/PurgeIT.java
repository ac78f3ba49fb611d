package io.tidemark.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ratis' own purge, on a real node: the process dies after each of its unlinks. */
@Timeout(180)
class PurgeIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int TERMS = 5;

    @TempDir
    Path dir;

    @Test
    void r13_aNodeThatDiesAtAnyUnlinkOfAPurgeComesBack() throws IOException {
        try (TestCluster cluster = TestCluster.ofThree(dir);
                WatchService watch = dir.getFileSystem().newWatchService()) {
            cluster.put("a", "1");
            cluster.awaitRest(SOON);
            cluster.s3.available(false);
            for (int i = 0; i < TERMS; i++) {
                cluster.put("k" + i, "v" + i);
                cluster.nextTerm();
            }
            cluster.put("last", "word");
            cluster.awaitEqual(SOON);
            String name = cluster.leaderName().equals("n3") ? "n2" : "n3";
            Path log = logOf(name);
            log.register(watch, StandardWatchEventKinds.ENTRY_DELETE);
            cluster.s3.available(true);
            cluster.awaitRest(SOON);
            cluster.awaitEqual(SOON);
            // Everything is shipped, and stays for a moment of grace.
            Path before = dir.resolve("before");
            TestCluster.copy(cluster.dirOf(name), before);
            long shipped = cluster.node(name).status().s3HighWaterMark();
            cluster.await(
                    "the log is let go",
                    SOON,
                    () -> cluster.nodes().stream().allMatch(n -> n.status().raftFirstIndex() > shipped - 3));
            // Ratis moves its first index before it unlinks, and the system tells of that a moment later.
            List<String> unlinked = new ArrayList<>();
            cluster.await("one purge of many files was seen", SOON, () -> {
                unlinked.addAll(unlinked(watch));
                return unlinked.size() >= TERMS - 1;
            });
            cluster.stop(name);
            unlinked.addAll(unlinked(watch));
            for (int died = 0; died <= unlinked.size(); died++) {
                TestCluster.delete(cluster.dirOf(name));
                TestCluster.copy(before, cluster.dirOf(name));
                for (String gone : unlinked.subList(0, died)) {
                    Files.delete(log.resolve(gone));
                }
                cluster.start(name);
                cluster.awaitEqual(SOON);
                assertEquals("word", TestCluster.get(cluster.node(name), "last"));
                if (died < unlinked.size()) {
                    cluster.stop(name);
                }
            }
            cluster.put("after", "all");
            cluster.awaitRest(SOON);
            cluster.awaitEqual(SOON);
            assertTrue(cluster.halts.isEmpty(), cluster.halts.toString());
        }
    }

    private Path logOf(String name) throws IOException {
        try (Stream<Path> files = Files.walk(dir.resolve(name).resolve("raft"))) {
            return files.filter(path -> path.endsWith("current")).findFirst().orElseThrow();
        }
    }

    /** Names of log files in the order in which they went. */
    private static List<String> unlinked(WatchService watch) {
        List<String> names = new ArrayList<>();
        for (WatchKey key = watch.poll(); key != null; key = watch.poll()) {
            for (WatchEvent<?> event : key.pollEvents()) {
                String name = String.valueOf(event.context());
                if (name.matches("log_\\d+-\\d+")) {
                    names.add(name);
                }
            }
            key.reset();
        }
        return names;
    }
}
