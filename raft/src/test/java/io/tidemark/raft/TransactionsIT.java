package io.tidemark.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Precondition;
import io.tidemark.engine.log.Reply;
import io.tidemark.engine.log.Reply.Status;
import io.tidemark.engine.log.SessionRef;
import io.tidemark.engine.log.Version;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TransactionsIT {
    @TempDir
    Path dir;

    @Test
    void p7_aTransactionIsStillOpenWhenAnotherNodeLeads() {
        try (TestCluster cluster = TestCluster.ofThree(dir)) {
            cluster.put("k", "old");
            long tx = in(cluster, 0, new Operation.Begin(60_000)).number();
            in(cluster, tx, put("k", "new"));
            String leader = cluster.leaderName();
            cluster.stop(leader);
            assertEquals(Status.CONFLICT, cluster.put("k", "stranger").status());
            assertEquals("old", TestCluster.get(cluster.leader(), "k"));
            cluster.start(leader);
            assertEquals(Status.OK, in(cluster, tx, new Operation.Commit(0)).status());
            cluster.await(
                    "every node has it, and cleans up",
                    Duration.ofSeconds(30),
                    () -> cluster.nodes().stream()
                            .allMatch(node -> "new".equals(TestCluster.get(node, "k"))
                                    && node.engine().work().isEmpty()));
            cluster.awaitEqual(Duration.ofSeconds(20));
            assertTrue(cluster.halts.isEmpty(), cluster.halts.toString());
        }
    }

    @Test
    void e7_aTransactionWhoseOwnerIsSilentIsTakenBackByWhoeverLeads() {
        try (TestCluster cluster = TestCluster.ofThree(dir)) {
            long tx = in(cluster, 0, new Operation.Begin(700)).number();
            in(cluster, tx, put("k", "silent"));
            cluster.await(
                    "it is taken back everywhere",
                    Duration.ofSeconds(30),
                    () -> cluster.nodes().stream()
                            .allMatch(
                                    node -> node.engine().transactions().open().isEmpty()
                                            && node.engine().work().isEmpty()));
            assertEquals(
                    Status.NO_TRANSACTION,
                    in(cluster, tx, new Operation.Commit(0)).status());
            assertNull(TestCluster.get(cluster.leader(), "k"));
            assertEquals(Status.OK, cluster.put("k", "free").status());
            cluster.awaitEqual(Duration.ofSeconds(20));
            assertTrue(cluster.halts.isEmpty(), cluster.halts.toString());
        }
    }

    @Test
    void e7_aSessionThatNobodyUsesIsEndedByWhoeverLeadsAndOneInUseStays() {
        try (TestCluster cluster = new TestCluster(dir, "n1", "n2", "n3")) {
            cluster.sessionIdle = Duration.ofSeconds(3);
            cluster.startAll();
            Version idle = in(cluster, 0, new Operation.OpenSession()).version();
            long opened = cluster.leader().engine().sessionUsedMillis().orElseThrow();
            Version used = in(cluster, 0, new Operation.OpenSession()).version();
            AtomicLong sequence = new AtomicLong();
            cluster.await("only the one in use is left", Duration.ofSeconds(30), () -> {
                Reply reply = inSession(cluster, used, sequence.incrementAndGet());
                assertEquals(Status.OK, reply.status());
                long longestIdle = cluster.leader().engine().sessionUsedMillis().orElseThrow();
                return longestIdle > opened + 1_500;
            });
            assertEquals(Status.OUTCOME_UNKNOWN, inSession(cluster, idle, 1).status());
            cluster.await(
                    "nothing is left of either once both are idle, and the cluster rests",
                    Duration.ofSeconds(30),
                    () -> cluster.nodes().stream()
                            .allMatch(node -> node.engine().sessionUsedMillis().isEmpty()));
            cluster.awaitRest(Duration.ofSeconds(30));
            assertTrue(cluster.halts.isEmpty(), cluster.halts.toString());
        }
    }

    private static Reply inSession(TestCluster cluster, Version session, long sequence) {
        Command command = new Command(new SessionRef(session, sequence, 0), put("s", "v"));
        return cluster.onLeader(leader -> leader.submit(List.of(command))
                .orTimeout(20, TimeUnit.SECONDS)
                .join()
                .get(0));
    }

    private static Reply in(TestCluster cluster, long tx, Operation operation) {
        return cluster.onLeader(leader -> leader.submit(List.of(new Command(null, tx, operation)))
                .orTimeout(20, TimeUnit.SECONDS)
                .join()
                .get(0));
    }

    private static Operation put(String key, String value) {
        return new Operation.Put(
                TestCluster.KEYSPACE,
                key.getBytes(StandardCharsets.UTF_8),
                value.getBytes(StandardCharsets.UTF_8),
                Precondition.NONE);
    }
}
