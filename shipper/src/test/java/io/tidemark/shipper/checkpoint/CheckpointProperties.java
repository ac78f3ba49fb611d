package io.tidemark.shipper.checkpoint;

import io.tidemark.shipper.checkpoint.EngineCluster.Proposing;
import io.tidemark.shipper.store.SimulatedObjectStore;
import io.tidemark.shipper.store.SimulatedObjectStore.Faults;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;

/** Several leaders, the stale ones too, over one log and a store that fails: every checkpoint that the log takes is true. */
class CheckpointProperties {
    private static final Proposing[] PROPOSING = {
        Proposing.APPLIES, Proposing.APPLIES, Proposing.APPLIES, Proposing.LOSES_ANSWER, Proposing.REFUSES_LEADERSHIP
    };

    @Property(tries = 40, shrinking = ShrinkingMode.OFF)
    void ct2_ct3_x3_whateverFailsTheLogTakesOnlyCheckpointsThatS3HasWhole(
            @ForAll long seed, @ForAll @IntRange(min = 0, max = 20) int faultiness) {
        Random random = new Random(seed);
        SimulatedObjectStore store = new SimulatedObjectStore();
        try (EngineCluster cluster = new EngineCluster(store)) {
            store.faults(new Faults(faultiness, faultiness, faultiness / 2, faultiness / 2), random);
            Leader[] leaders = {
                new Leader(cluster, store, random),
                new Leader(cluster, store, random),
                new Leader(cluster, store, random)
            };
            for (int i = 0; i < 1_500; i++) {
                disturb(random, cluster, leaders[random.nextInt(leaders.length)]);
            }
            store.faults(Faults.NONE, random);
            store.deliverLatePuts();
            settle(cluster, leaders[random.nextInt(leaders.length)], random);
            EngineCluster.require(!cluster.accepted().isEmpty(), "no checkpoint at all");
        }
    }

    private static void disturb(Random random, EngineCluster cluster, Leader leader) {
        switch (random.nextInt(16)) {
            case 0, 1, 2 -> cluster.put("key-" + random.nextInt(120), random.nextInt(600));
            case 3 -> cluster.delete("key-" + random.nextInt(120));
            case 4 -> leader.node().applyAll();
            case 5 -> leader.node().applyTo(leader.node().lastShippable() + random.nextInt(4));
            case 6 -> {
                if (random.nextInt(8) == 0) {
                    leader.elected();
                }
            }
            case 7 -> leader.node().proposing(PROPOSING[random.nextInt(PROPOSING.length)]);
            case 8 -> leader.node().engine().flushStep();
            default -> leader.step();
        }
    }

    /** A leader that nothing disturbs brings the checkpoint to where it belongs. */
    private static void settle(EngineCluster cluster, Leader leader, Random random) {
        leader.node().proposing(Proposing.APPLIES);
        leader.elected();
        for (int i = 0; i < 60; i++) {
            cluster.put("last-" + i, random.nextInt(300));
        }
        leader.node().applyAll();
        leader.runUntil(() -> !cluster.hasClientEntries()
                && cluster.logBytesAboveCheckpoint() < Leader.OPTIONS.logBytes()
                && leader.pages().phase() == CheckpointTerm.Phase.WAITING);
        EngineCluster.require(
                cluster.namedByNewestManifest().orElseThrow().equals(cluster.newest())
                        || cluster.namedByNewestManifest().orElseThrow().lsn()
                                > cluster.newest().lsn(),
                "the newest manifest names " + cluster.namedByNewestManifest() + ", the log " + cluster.newest());
    }
}
