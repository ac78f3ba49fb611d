package io.tidemark.raft;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.log.Reply;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ClusterIT {
    @TempDir
    Path dir;

    @Test
    void threeNodesAgreeRestartAndReadLinearizably() {
        try (TestCluster cluster = TestCluster.ofThree(dir)) {
            for (int i = 0; i < 50; i++) {
                assertEquals(Reply.Status.OK, cluster.put("k" + i, "v" + i).status());
            }
            for (RaftNode node : cluster.nodes()) {
                node.readIndex().orTimeout(10, TimeUnit.SECONDS).join();
                assertEquals("v49", TestCluster.get(node, "k49"));
            }
            cluster.awaitRest(Duration.ofSeconds(20));
            String leader = cluster.leaderName();
            cluster.stop(leader);
            cluster.put("after", "failover");
            cluster.start(leader);
            cluster.awaitEqual(Duration.ofSeconds(20));
            for (RaftNode node : cluster.nodes()) {
                node.readIndex().orTimeout(10, TimeUnit.SECONDS).join();
                assertEquals("failover", TestCluster.get(node, "after"));
            }
            cluster.awaitRest(Duration.ofSeconds(20));
            assertTrue(cluster.halts.isEmpty(), cluster.halts.toString());
        }
    }

    @Test
    void e3_theGreatestValueIsOneEntryAndALargerOneLeavesTheLeaderInOffice() {
        try (TestCluster cluster = TestCluster.ofThree(dir)) {
            byte[] value = new byte[16 << 20];
            new Random(1).nextBytes(value);
            cluster.put("small", "first");
            long term = cluster.leader().status().term();
            for (int i = 0; i < 4; i++) {
                assertEquals(Reply.Status.OK, cluster.put("large" + i, value).status());
            }
            assertThrows(CompletionException.class, () -> cluster.put("larger", new byte[(16 << 20) + 1]));
            cluster.awaitRest(Duration.ofSeconds(60));
            for (RaftNode node : cluster.nodes()) {
                node.readIndex().orTimeout(10, TimeUnit.SECONDS).join();
                assertArrayEquals(
                        value,
                        node.engine()
                                .get(TestCluster.KEYSPACE, "large3".getBytes(StandardCharsets.UTF_8))
                                .orElseThrow()
                                .value());
                cluster.await(
                        "log files of large entries go, after their grace",
                        Duration.ofSeconds(60),
                        () -> node.status().raftFirstIndex() > 0);
            }
            assertEquals(term, cluster.leader().status().term());
        }
    }
}
