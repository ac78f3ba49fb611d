package io.tidemark.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.log.Reply;
import java.nio.file.Path;
import java.time.Duration;
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
}
