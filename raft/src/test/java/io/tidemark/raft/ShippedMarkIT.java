package io.tidemark.raft;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Entry;
import io.tidemark.engine.log.EntryCodec;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Precondition;
import io.tidemark.engine.log.Reply;
import io.tidemark.raft.batch.AdmissionLimits;
import io.tidemark.raft.batch.LimitException;
import io.tidemark.shipper.ShipperOptions;
import io.tidemark.shipper.manifest.Manifest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The log, the mark and S3: at rest, without S3, in a new history. */
@Timeout(120)
class ShippedMarkIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path dir;

    @Test
    void m3_aRestingClusterIsSilentWithItsMarksEqual() {
        try (TestCluster cluster = TestCluster.ofThree(dir)) {
            for (int i = 0; i < 20; i++) {
                cluster.put("k" + i, "v");
            }
            cluster.awaitRest(SOON);
            cluster.awaitEqual(SOON);
            long applied = cluster.leader().status().applied();
            int requests = cluster.s3.requests();
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(4));
            assertEquals(applied, cluster.leader().status().applied(), "no entry was added");
            assertEquals(requests, cluster.s3.requests(), "S3 was not asked");
            for (RaftNode node : cluster.nodes()) {
                NodeStatus status = node.status();
                assertEquals(status.s3HighWaterMark(), status.raftLowWaterMark());
                assertEquals(0, status.lagBytes());
                assertEquals(0, status.lagSeconds());
                assertTrue(status.durable() > status.raftLowWaterMark());
                assertTrue(status.checkedMoves() > 0);
            }
        }
    }

    @Test
    void m1_theLogIsLetGoToTheMarkAndNotPastIt() {
        try (TestCluster cluster = TestCluster.ofThree(dir)) {
            for (int term = 0; term < 3; term++) {
                for (int i = 0; i < 10; i++) {
                    cluster.put(term + "k" + i, "v");
                }
                cluster.nextTerm();
            }
            cluster.put("last", "v");
            cluster.awaitRest(SOON);
            for (RaftNode node : cluster.nodes()) {
                cluster.await("files go", SOON, () -> node.status().raftFirstIndex() > 30);
                assertTrue(node.status().raftFirstIndex() <= node.status().raftLowWaterMark() + 1);
            }
        }
    }

    @Test
    void m5_withoutS3WritesGoOnToTheLimitAndTheLagDrainsByItself() {
        try (TestCluster cluster = new TestCluster(dir, "n1", "n2", "n3")) {
            cluster.limits = new AdmissionLimits(64 << 10, 256 << 10, 160_000, 280_000, 1);
            cluster.startAll();
            cluster.put("before", "v");
            cluster.awaitRest(SOON);
            cluster.s3.available(false);
            CompletionException refused = null;
            int written = 0;
            for (; refused == null && written < 1000; written++) {
                try {
                    cluster.put("k" + written, new byte[10_000]);
                } catch (CompletionException e) {
                    refused = e;
                }
            }
            assertNotNull(refused);
            assertTrue(refused.getCause() instanceof LimitException, refused.toString());
            assertTrue(refused.getMessage().contains("wait for S3"), refused.getMessage());
            assertTrue(written > 20, written + " writes went on without S3");
            assertTrue(cluster.leader().status().lagBytes() >= 256 << 10);
            assertTrue(cluster.leader().status().lagSeconds() > 0);
            cluster.s3.available(true);
            cluster.awaitRest(Duration.ofSeconds(60));
            assertEquals(Reply.Status.OK, cluster.put("after", "v").status());
        }
    }

    @Test
    void m6_withS3AwayAQuorumWriteIsDoneAndOneThatWaitsForS3IsAnsweredWhenItIsBack() {
        try (TestCluster cluster = TestCluster.ofThree(dir)) {
            cluster.put("before", "v");
            cluster.awaitRest(SOON);
            cluster.s3.available(false);
            long lsn = cluster.put("k", "v").version().lsn();
            for (RaftNode node : cluster.nodes()) {
                assertFalse(node.awaitShipped(lsn, Duration.ofMillis(300)).join());
                assertTrue(node.shipped() < lsn);
            }
            List<CompletableFuture<Boolean>> waits = cluster.nodes().stream()
                    .map(node -> node.awaitShipped(lsn, SOON))
                    .toList();
            cluster.s3.available(true);
            waits.forEach(wait -> assertTrue(wait.join()));
            for (RaftNode node : cluster.nodes()) {
                assertTrue(node.shipped() >= lsn);
                assertTrue(node.status().s3HighWaterMark() >= lsn);
            }
            assertTrue(cluster.s3.keys().stream()
                    .anyMatch(key -> Manifest.markOf(key).orElse(-1L) >= lsn));
        }
    }

    @Test
    void m6_theLeaderDoesNotLetSomebodyWaitForTheAgeOfASegment() {
        try (TestCluster cluster = new TestCluster(dir, "n1", "n2", "n3")) {
            cluster.shipper =
                    ShipperOptions.builder().segmentAgeMillis(3_600_000).build();
            cluster.startAll();
            long lsn = cluster.put("k", "v").version().lsn();
            assertTrue(cluster.leader().awaitShipped(lsn, SOON).join());
        }
    }

    @Test
    void l7_aNodeThatNeedsS3WaitsForItAndSaysWhy() {
        try (TestCluster cluster = TestCluster.ofThree(dir)) {
            cluster.put("a", "1");
            cluster.awaitRest(SOON);
            String gone = cluster.leaderName().equals("n3") ? "n2" : "n3";
            cluster.stop(gone);
            cluster.wipe(gone);
            cluster.s3.available(false);
            RaftNode node = cluster.join(gone);
            cluster.await(
                    "it says why",
                    SOON,
                    () -> String.valueOf(node.status().notReady()).contains("waiting for S3"));
            assertEquals(NodeStatus.Role.CATCHING_UP, node.status().role());
            cluster.s3.available(true);
            cluster.admit(gone);
            cluster.awaitEqual(SOON);
        }
    }

    @Test
    void h1_h2_aNewHistoryGoesOnInTermsAndBeginsBeforeAnyClientWrites() {
        try (TestCluster cluster = new TestCluster(dir, "n1", "n2", "n3")) {
            for (String name : List.of("n1", "n2", "n3")) {
                try (StorageEngine engine = cluster.openEngine(name)) {
                    for (long lsn = 0; lsn < 100; lsn++) {
                        engine.apply(restored(lsn));
                    }
                }
            }
            cluster.startAll();
            Reply reply = cluster.put("first", "write");
            StorageEngine.State state = cluster.leader().engine().state();
            assertTrue(cluster.leader().status().term() > 7, "terms go on rising across histories");
            assertTrue(reply.version().lsn() > 101, "after the configuration and the history's start");
            assertEquals(cluster.history, state.history());
            assertEquals("an older history", state.parentHistory());
            assertEquals(99, state.fork());
            assertEquals("old", TestCluster.get(cluster.leader(), "restored"));
        }
    }

    private static LogEntry restored(long lsn) {
        Operation operation = lsn == 0
                ? new Operation.HistoryStarted("an older history", "", -1)
                : new Operation.Put(
                        TestCluster.KEYSPACE, "restored".getBytes(UTF_8), "old".getBytes(UTF_8), Precondition.NONE);
        byte[] payload = EntryCodec.encode(new Entry(1, List.of(Command.of(operation))));
        return new LogEntry(lsn, lsn < 50 ? 3 : 7, EntryKind.COMMANDS, payload);
    }
}
