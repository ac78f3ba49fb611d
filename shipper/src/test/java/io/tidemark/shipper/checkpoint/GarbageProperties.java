package io.tidemark.shipper.checkpoint;

import io.tidemark.engine.log.Operation;
import io.tidemark.shipper.checkpoint.EngineCluster.Proposing;
import io.tidemark.shipper.retention.RetentionOptions;
import io.tidemark.shipper.store.SimulatedObjectStore;
import io.tidemark.shipper.store.SimulatedObjectStore.Faults;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;

/** Several leaders, the stale ones too, collect garbage of one history in a store that fails: what is kept is there. */
class GarbageProperties {
    private static final RetentionOptions KEEP_TWO = new RetentionOptions(0, 2, 0, 50, 500);
    private static final Proposing[] PROPOSING = {
        Proposing.APPLIES, Proposing.APPLIES, Proposing.APPLIES, Proposing.LOSES_ANSWER, Proposing.REFUSES_LEADERSHIP
    };

    @Property(tries = 10, shrinking = ShrinkingMode.OFF)
    void x3_ct6_whateverFailsAllThatIsKeptIsThereAndTheRestGoes(
            @ForAll long seed, @ForAll @IntRange(min = 0, max = 15) int faultiness) {
        Random random = new Random(seed);
        SimulatedObjectStore store = new SimulatedObjectStore();
        try (EngineCluster cluster = new EngineCluster(store)) {
            store.faults(new Faults(faultiness, faultiness, faultiness / 2, faultiness / 2), random);
            Leader[] leaders = {
                new Leader(cluster, store, random, KEEP_TWO),
                new Leader(cluster, store, random, KEEP_TWO),
                new Leader(cluster, store, random, KEEP_TWO)
            };
            long collected = -1;
            for (int i = 0; i < 1_500; i++) {
                disturb(random, cluster, leaders[random.nextInt(leaders.length)]);
                if (cluster.retention().collected() > collected) {
                    collected = cluster.retention().collected();
                    cluster.proveKept();
                }
            }
            cluster.proveKept();
            store.faults(Faults.NONE, random);
            store.deliverLatePuts();
            settle(cluster, store, leaders[random.nextInt(leaders.length)], random);
            cluster.proveKept();
            cluster.proveNoGarbage();
        }
    }

    private static void disturb(Random random, EngineCluster cluster, Leader leader) {
        switch (random.nextInt(18)) {
            case 0, 1, 2 -> cluster.put("key-" + random.nextInt(90), random.nextInt(500));
            case 3 -> cluster.delete("key-" + random.nextInt(90));
            case 4, 5 -> leader.node().applyAll();
            case 6 -> leader.node().applyTo(leader.node().lastShippable() + random.nextInt(4));
            case 7 -> {
                if (random.nextInt(8) == 0) {
                    leader.elected();
                }
            }
            case 8 -> leader.node().proposing(PROPOSING[random.nextInt(PROPOSING.length)]);
            case 9 -> {
                if (random.nextInt(10) == 0) {
                    cluster.append(new Operation.Pin("pin-" + random.nextInt(3), cluster.last()));
                } else {
                    cluster.append(new Operation.Unpin("pin-" + random.nextInt(3)));
                }
            }
            default -> leader.step();
        }
    }

    /** A leader that nothing disturbs removes what nobody needs. */
    private static void settle(EngineCluster cluster, SimulatedObjectStore store, Leader leader, Random random) {
        for (int pin = 0; pin < 3; pin++) {
            cluster.append(new Operation.Unpin("pin-" + pin));
        }
        leader.node().proposing(Proposing.APPLIES);
        leader.elected();
        for (int round = 0; round < 3; round++) {
            long before = cluster.newest().lsn();
            for (int i = 0; i < 60; i++) {
                cluster.put("key-" + random.nextInt(90), random.nextInt(500));
            }
            leader.node().applyAll();
            leader.runUntil(() -> cluster.newest().lsn() > before);
        }
        leader.runUntil(
                () -> cluster.retention().collected() == cluster.retention().floor()
                        && cluster.retention().checkpoints().size() <= 3
                        && !cluster.hasClientEntries());
        int left = Integer.MAX_VALUE;
        for (int now = store.keys().size(); now < left; now = store.keys().size()) {
            left = now;
            leader.run(600);
        }
    }
}
