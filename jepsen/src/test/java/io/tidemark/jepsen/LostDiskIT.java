package io.tidemark.jepsen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.jepsen.cluster.Cluster;
import io.tidemark.jepsen.cluster.NodeStatus;
import io.tidemark.jepsen.cluster.Waiting;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node comes back without its disk, or with one that the others have long left behind. */
@EnabledIfSystemProperty(named = "tidemark.long", matches = "true")
class LostDiskIT {

    /** So that few writes fill a file of the Raft log, which is let go of as a whole. */
    private static final int VALUE_BYTES = 100_000;

    @RegisterExtension
    final Arena arena = new Arena();

    @Test
    void aWipedNodeReturnsAsANewIncarnation() {
        Cluster cluster = arena.up();
        Chains chains = Chains.begin(arena, cluster, "chain/", 2, VALUE_BYTES);
        chains.awaitMore(50);

        String follower = cluster.follower();
        lose(cluster, follower);
        awaitPurgedPast(
                cluster,
                cluster.awaitLeader(),
                cluster.status(cluster.awaitLeader()).committed());
        cluster.start(follower);
        cluster.awaitReady(follower);
        chains.awaitMore(50);
        assertEquals(2, cluster.status(follower).incarnation(), "a follower, busy cluster, its log long purged");

        String leader = cluster.awaitLeader();
        lose(cluster, leader);
        chains.awaitMore(50);
        cluster.start(leader);
        cluster.awaitReady(leader);
        assertTrue(cluster.status(leader).incarnation() >= 2, "the leader, busy cluster");

        chains.stop();
        List<NodeStatus> rest = arena.assertWhole(cluster);

        String idle = cluster.follower();
        int before = cluster.status(idle).incarnation();
        lose(cluster, idle);
        cluster.start(idle);
        cluster.awaitReady(idle);
        assertTrue(cluster.status(idle).incarnation() > before, "an idle cluster");
        arena.assertWhole(cluster);
        chains.assertKept(cluster);
        arena.report(
                "%d writes; wiped and back: %s (busy, purged), %s (leader, busy), %s (idle); at rest %s",
                chains.acknowledged(), follower, leader, idle, rest);
    }

    @Test
    void aNodeWhoseLogTheOthersHavePurgedCatchesUpFromS3() {
        Cluster cluster = arena.up();
        Chains chains = Chains.begin(arena, cluster, "chain/", 2, VALUE_BYTES);
        chains.awaitMore(50);

        String behind = cluster.follower();
        cluster.kill(behind);
        chains.awaitMore(20);
        String leader = cluster.awaitLeader();
        long committed = cluster.status(leader).committed();
        long first = awaitPurgedPast(cluster, leader, committed);
        cluster.start(behind);
        cluster.awaitReady(behind);
        assertEquals(1, cluster.status(behind).incarnation(), "its disk was never lost");
        chains.stop();
        arena.assertWhole(cluster);
        chains.assertKept(cluster);
        arena.report("down at %d, the leader's log began at %d when it came back", committed, first);
    }

    @Test
    void aNodeThatStandsAtTheLowWaterMarkOfAnIdleClusterReturns() {
        Cluster cluster = arena.up();
        Chains chains = Chains.begin(arena, cluster, "chain/", 4, 1_000);
        chains.awaitMore(50);
        chains.stop();
        List<NodeStatus> rest = cluster.awaitRest();
        for (String node : cluster.names()) {
            cluster.kill(node);
            cluster.start(node);
            cluster.awaitReady(node);
            cluster.awaitRest();
        }
        chains.assertKept(cluster);
        Chains after = Chains.begin(arena, cluster, "after/", 4, 1_000);
        after.awaitMore(50);
        after.stop();
        arena.assertWhole(cluster);
        after.assertKept(cluster);
        arena.report(
                "all marks at %d; each node killed and back, idle", rest.get(0).s3HighWaterMark());
    }

    @Test
    void aDeposedLeaderWhoseLogReachesPastTheOthersReturns() {
        Cluster cluster = arena.up();
        Chains chains = Chains.begin(arena, cluster, "chain/", 2, VALUE_BYTES);
        chains.awaitMore(50);
        String deposed = cluster.awaitLeader();
        List<String> others =
                cluster.names().stream().filter(n -> !n.equals(deposed)).toList();
        others.forEach(cluster::pause);
        // what is written now reaches the leader's log only, and nobody is told that it is done
        Waiting.pause(Duration.ofSeconds(1));
        cluster.kill(deposed);
        others.forEach(cluster::resume);
        String successor = cluster.awaitLeader();
        chains.awaitMore(50);
        long committed = cluster.status(successor).committed();
        long first = awaitPurgedPast(cluster, successor, committed);
        cluster.start(deposed);
        cluster.awaitReady(deposed);
        chains.awaitMore(20);
        chains.stop();
        arena.assertWhole(cluster);
        chains.assertKept(cluster);
        arena.report("%s deposed by %s, whose log began at %d when it returned", deposed, successor, first);
    }

    private static void lose(Cluster cluster, String node) {
        cluster.kill(node);
        cluster.removeDirectory(node);
    }

    /** Waits until a node's log begins after this LSN, while writes go on; answers where it begins. */
    private static long awaitPurgedPast(Cluster cluster, String node, long lsn) {
        return Waiting.until(
                        node + " has purged its log past " + lsn,
                        Cluster.PATIENCE,
                        () -> cluster.status(node),
                        status -> status.raftFirstIndex() > lsn)
                .raftFirstIndex();
    }
}
