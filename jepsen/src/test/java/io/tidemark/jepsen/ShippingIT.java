package io.tidemark.jepsen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.jepsen.cluster.Cluster;
import io.tidemark.jepsen.cluster.CommandLine;
import io.tidemark.jepsen.cluster.NodeStatus;
import io.tidemark.jepsen.cluster.TrialStore;
import io.tidemark.jepsen.cluster.Waiting;
import io.tidemark.jepsen.fault.ObjectStoreProxy;
import io.tidemark.jepsen.fault.ObjectStoreProxy.Deed;
import io.tidemark.jepsen.fault.StoreFaults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/** S3 goes away, comes back, refuses, swallows and half answers; writes go on and the log follows when it can. */
@EnabledIfSystemProperty(named = "tidemark.long", matches = "true")
class ShippingIT {

    private static final Duration SILENCE = Duration.ofSeconds(10);
    private static final Duration OUTAGE = Duration.ofSeconds(300);
    private static final Duration TROUBLE = Duration.ofSeconds(60);

    @RegisterExtension
    final Arena arena = new Arena();

    @Test
    void anIdleClusterFallsSilentWithEqualMarks() {
        Cluster cluster = arena.up();
        Chains chains = Chains.begin(arena, cluster, "chain/", 4, 1_000);
        chains.awaitMore(100);
        chains.stop();
        arena.assertWhole(cluster);
        List<NodeStatus> before = cluster.awaitRest();
        Waiting.pause(SILENCE);
        List<NodeStatus> after = cluster.statuses();
        for (int i = 0; i < before.size(); i++) {
            assertEquals(before.get(i).committed(), after.get(i).committed(), "the cluster talks to itself: " + after);
            assertEquals(after.get(i).s3HighWaterMark(), after.get(i).raftLowWaterMark(), "marks: " + after);
            assertEquals(0, after.get(i).lagBytes(), "lag: " + after);
        }
        arena.report("silent for %d s at %s", SILENCE.toSeconds(), after);
    }

    @Test
    void writesGoOnWhileS3IsAwayAndTheLagDrainsWhenItIsBack() {
        TrialStore store = arena.closing(TrialStore.start(arena.commands(), arena.path("store")));
        ObjectStoreProxy proxy = arena.closing(ObjectStoreProxy.before(store.port(), 1));
        Cluster cluster = up(store, proxy);
        Chains chains = Chains.begin(arena, cluster, "chain/", 8, 4_000);
        chains.awaitMore(100);
        store.stop();
        long before = chains.acknowledged();
        Waiting.pause(OUTAGE);
        chains.awaitMore(20);
        long meanwhile = chains.acknowledged() - before;
        NodeStatus leader = Waiting.until(
                "lag and the outage to be seen",
                Cluster.PATIENCE,
                () -> cluster.status(cluster.awaitLeader()),
                s -> s.lagBytes() > 0 && s.s3() != null && !s.s3().available());
        store.start();
        chains.awaitMore(20);
        chains.stop();
        arena.assertWhole(cluster);
        chains.assertKept(cluster);
        arena.report(
                "%d writes in %d s without S3, lag %d bytes and %.1f s, drained",
                meanwhile, OUTAGE.toSeconds(), leader.lagBytes(), leader.lagSeconds());
    }

    @Test
    void nothingIsLostOrDoubledBeforeAStoreThatRefusesSwallowsAndLosesAnswers() {
        TrialStore store = arena.closing(TrialStore.start(arena.commands(), arena.path("store")));
        ObjectStoreProxy proxy = arena.closing(ObjectStoreProxy.before(store.port(), 2));
        Cluster cluster = up(store, proxy);
        Chains chains = Chains.begin(arena, cluster, "chain/", 8, 4_000);
        List<StoreFaults> troubles = List.of(
                StoreFaults.unavailable(0.5),
                StoreFaults.answersLost(0.5),
                StoreFaults.BLACK_HOLE,
                StoreFaults.answersLost(1.0),
                StoreFaults.mixed(0.25, Duration.ofMillis(200)));
        for (StoreFaults trouble : troubles) {
            proxy.inject(trouble);
            chains.awaitMore(20);
            Waiting.pause(TROUBLE);
            cluster.watch().check();
        }
        proxy.inject(StoreFaults.NONE);
        chains.awaitMore(20);
        chains.stop();
        arena.assertWhole(cluster);
        chains.assertKept(cluster);
        List<String> deeds = new ArrayList<>();
        for (Deed deed : List.of(Deed.SERVED, Deed.UNAVAILABLE, Deed.SWALLOWED, Deed.ANSWER_LOST)) {
            assertTrue(proxy.count(deed) > 0, deed + " never happened");
            deeds.add(proxy.count(deed) + " " + deed);
        }
        arena.report("%d writes kept; requests %s", chains.acknowledged(), deeds);
    }

    private Cluster up(TrialStore store, ObjectStoreProxy proxy) {
        CommandLine commands = arena.commands(TrialStore.credentials());
        return arena.adopt(Cluster.up(
                arena.path("cluster"),
                commands,
                store.data(),
                "--s3",
                "s3://" + TrialStore.BUCKET + "/trial",
                "--s3-endpoint",
                proxy.endpoint()));
    }
}
