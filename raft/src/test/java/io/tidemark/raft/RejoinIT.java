package io.tidemark.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Precondition;
import io.tidemark.raft.batch.BatchOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way to fall behind, against a resting and a busy cluster: back within a minute, equal to the others (R11). */
@Timeout(180)
class RejoinIT {
    private static final Duration BACK = Duration.ofSeconds(60);

    /** Longer than files stay that S3 has and no follower needs. */
    private static final Duration GRACE = Duration.ofSeconds(7);

    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void r11_aWipedNodeComesBackAsTheNextIncarnation(boolean busy) {
        try (TestCluster cluster = TestCluster.ofThree(dir)) {
            write(cluster, "a", 20);
            cluster.awaitRest(BACK);
            String gone = follower(cluster);
            cluster.stop(gone);
            cluster.wipe(gone);
            letGo(cluster);
            whileWriting(cluster, busy, () -> {
                cluster.join(gone);
                cluster.admit(gone);
            });
            finish(cluster);
            assertEquals(3, cluster.leader().members().size());
            assertTrue(cluster.leader().members().contains(cluster.member(gone)));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void l2_aFollowerBehindThePurgedLogGoesOnFromItsOwnLsn(boolean busy) {
        try (TestCluster cluster = TestCluster.ofThree(dir)) {
            write(cluster, "a", 20);
            String gone = follower(cluster);
            cluster.stop(gone);
            letGo(cluster);
            letGo(cluster);
            whileWriting(cluster, busy, () -> cluster.start(gone));
            finish(cluster);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void l2_aFollowerExactlyAtTheLowWaterMarkGoesOnFromItsLog(boolean busy) {
        try (TestCluster cluster = TestCluster.ofThree(dir)) {
            write(cluster, "a", 20);
            cluster.awaitRest(BACK);
            cluster.awaitEqual(BACK);
            String gone = follower(cluster);
            long end = cluster.node(gone).status().applied();
            cluster.stop(gone);
            cluster.nextTerm();
            write(cluster, "b", 1);
            cluster.until(
                    "the others' logs begin after " + end,
                    BACK,
                    () -> cluster.nodes().stream().allMatch(n -> n.status().raftFirstIndex() == end + 1) ? end : null);
            whileWriting(cluster, busy, () -> cluster.start(gone));
            finish(cluster);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void l2_aDeposedLeaderWhoseLogReachesPastTheOthersLosesItsFalseTail(boolean busy) {
        try (TestCluster cluster = new TestCluster(dir, "n1", "n2", "n3")) {
            cluster.batch = new BatchOptions(1 << 20, 1536, 16 << 10, 500, 24 << 20, 48 << 20, 20);
            cluster.startAll();
            write(cluster, "a", 20);
            cluster.awaitRest(BACK);
            String deposed = cluster.leaderName();
            List<String> others = List.of("n1", "n2", "n3").stream()
                    .filter(n -> !n.equals(deposed))
                    .toList();
            others.forEach(cluster::stop);
            for (int i = 0; i < 200; i++) {
                falseWrite(cluster.node(deposed), i);
            }
            long falseEnd = lastIndex(cluster.node(deposed).status());
            long common = cluster.node(deposed).status().applied();
            cluster.stop(deposed);
            others.forEach(cluster::start);
            write(cluster, "b", 3);
            cluster.until(
                    "the others' logs begin past what is common",
                    BACK,
                    () -> cluster.nodes().stream().allMatch(n -> n.status().raftFirstIndex() > common) ? common : null);
            long end = lastIndex(cluster.leader().status());
            assertTrue(falseEnd > end, "its log reaches past the others': to " + falseEnd + ", theirs to " + end);
            whileWriting(cluster, busy, () -> cluster.start(deposed));
            finish(cluster);
        }
    }

    /** Ratis hands in its log again from the beginning, which it can only once a leader has told it what is agreed. */
    @Test
    void l1_aNodeThatWaitsForALeaderKeepsTheLogThatRatisHasYetToHandInAgain() {
        try (TestCluster cluster = TestCluster.ofThree(dir)) {
            write(cluster, "a", 20);
            cluster.nextTerm();
            write(cluster, "b", 5);
            cluster.awaitRest(BACK);
            String alone = follower(cluster);
            List<String> others = List.of("n1", "n2", "n3").stream()
                    .filter(n -> !n.equals(alone))
                    .toList();
            List.of("n1", "n2", "n3").forEach(cluster::stop);
            RaftNode node = cluster.start(alone);
            long first = node.status().raftFirstIndex();
            assertTrue(first < node.status().s3HighWaterMark(), "its log begins below the mark: " + node.status());
            long graceIsOver = System.nanoTime() + GRACE.toNanos();
            cluster.await(
                    "the grace of its files to be over",
                    BACK,
                    () -> System.nanoTime() > graceIsOver || node.status().raftFirstIndex() > first);
            others.forEach(cluster::start);
            finish(cluster);
        }
    }

    /** What is before its log came from S3, whatever the entries say that it has seen of shipping. */
    @Test
    void m1_aMarkThatANewcomerHasShownIsStillThereWhenItStartsAgain() {
        try (TestCluster cluster = TestCluster.ofThree(dir)) {
            write(cluster, "a", 20);
            cluster.awaitRest(BACK);
            String gone = follower(cluster);
            cluster.stop(gone);
            cluster.wipe(gone);
            RaftNode first = cluster.join(gone);
            cluster.await("it has what S3 has", BACK, () -> first.status().s3HighWaterMark() > 0);
            NodeStatus shown = first.status();
            cluster.stop(gone);
            NodeStatus again = cluster.start(gone).status();
            assertTrue(
                    again.s3HighWaterMark() >= shown.s3HighWaterMark()
                            && again.raftLowWaterMark() >= shown.raftLowWaterMark(),
                    "first " + shown + ", then " + again);
        }
    }

    /** Else whoever stops another node next, because this one is ready, is left without a majority. */
    @Test
    void aNodeIsReadyOnlyWhenItHasWhatWasAgreedOnBeforeItCame() {
        try (TestCluster cluster = TestCluster.ofThree(dir)) {
            write(cluster, "a", 20);
            String gone = follower(cluster);
            cluster.stop(gone);
            letGo(cluster);
            letGo(cluster);
            long agreed = cluster.leader().status().committed();
            RaftNode back = cluster.start(gone);
            NodeStatus ready = cluster.until("it is ready", BACK, () -> {
                NodeStatus now = back.status();
                return now.ready() ? now : null;
            });
            assertTrue(ready.applied() >= agreed, "ready at " + ready + ", " + agreed + " was agreed on before");
            cluster.stop(cluster.leaderName());
            write(cluster, "b", 1);
        }
    }

    private static long lastIndex(NodeStatus status) {
        return status.raftFirstIndex() + status.unpurgedEntries() - 1;
    }

    private static void falseWrite(RaftNode node, int i) {
        var write = node.submit(List.of(Command.of(new Operation.Put(
                TestCluster.KEYSPACE,
                ("false" + i).getBytes(StandardCharsets.UTF_8),
                new byte[10],
                Precondition.NONE))));
        assertTrue(!write.isDone() || write.isCompletedExceptionally(), "a write without a majority was acknowledged");
        LockSupport.parkNanos(1_000_000);
    }

    private static void write(TestCluster cluster, String prefix, int count) {
        for (int i = 0; i < count; i++) {
            cluster.put(prefix + i, "v" + i);
        }
    }

    /** Writes, and has the log files that hold it go. */
    private static void letGo(TestCluster cluster) {
        long before = cluster.leader().status().applied();
        write(cluster, "more" + before + "-", 30);
        cluster.nextTerm();
        write(cluster, "most" + before + "-", 5);
        cluster.until(
                "the log is let go past " + before,
                BACK,
                () -> cluster.nodes().stream().allMatch(n -> n.status().raftFirstIndex() > before) ? before : null);
    }

    private static String follower(TestCluster cluster) {
        String leader = cluster.leaderName();
        return leader.equals("n3") ? "n2" : "n3";
    }

    private static void whileWriting(TestCluster cluster, boolean busy, Runnable action) {
        AtomicInteger written = new AtomicInteger();
        Thread writer = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                try {
                    cluster.put("busy" + written.incrementAndGet(), "x".repeat(500));
                } catch (CompletionException | AssertionError e) {
                    LockSupport.parkNanos(10_000_000);
                }
            }
        });
        if (!busy) {
            action.run();
            return;
        }
        writer.start();
        try {
            action.run();
            int now = written.get();
            cluster.await("writes go on", BACK, () -> written.get() > now + 200);
        } finally {
            writer.interrupt();
            try {
                writer.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void finish(TestCluster cluster) {
        cluster.awaitEqual(BACK);
        cluster.put("last", "word");
        cluster.awaitRest(BACK);
        cluster.awaitEqual(BACK);
        for (RaftNode node : cluster.nodes()) {
            assertEquals("word", TestCluster.get(node, "last"));
            assertEquals(-1, node.status().chainMismatch());
        }
        assertTrue(cluster.halts.isEmpty(), cluster.halts.toString());
    }
}
