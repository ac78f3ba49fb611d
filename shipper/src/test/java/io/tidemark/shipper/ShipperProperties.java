package io.tidemark.shipper;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.error.Halt;
import io.tidemark.shipper.ModelCluster.Node;
import io.tidemark.shipper.ModelCluster.Proposing;
import io.tidemark.shipper.pace.ManualPace;
import io.tidemark.shipper.store.SimulatedObjectStore;
import io.tidemark.shipper.store.SimulatedObjectStore.Faults;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;

/** Several leaders, the stale ones too, over one log and a store that fails: S3 never says too much, and nothing is lost. */
class ShipperProperties {
    private static final ShipperOptions OPTIONS =
            ShipperOptions.builder().segmentBytes(1 << 10).build();
    private static final Proposing[] PROPOSING = {
        Proposing.APPLIES, Proposing.APPLIES, Proposing.APPLIES, Proposing.LOSES_ANSWER, Proposing.REFUSES_LEADERSHIP
    };

    @Property(tries = 200, shrinking = ShrinkingMode.OFF)
    void x1_x2_whateverFailsTheShippedObjectsCoverTheLogAndNoMarkIsEarly(
            @ForAll long seed, @ForAll @IntRange(min = 0, max = 30) int faultiness) {
        new Schedule(seed).run(faultiness);
    }

    /** One random schedule; the same seed gives the same one. */
    private static final class Schedule {
        private final Random random;
        private final SimulatedObjectStore store = new SimulatedObjectStore();
        private final ModelCluster cluster = new ModelCluster(store);
        private final ManualPace pace = new ManualPace();

        Schedule(long seed) {
            random = new Random(seed);
        }

        void run(int faultiness) {
            store.faults(new Faults(faultiness, faultiness, faultiness / 2, faultiness / 2), random);
            Leader[] leaders = {new Leader(), new Leader(), new Leader()};
            for (int i = 0; i < 400; i++) {
                Leader leader = leaders[random.nextInt(leaders.length)];
                switch (random.nextInt(14)) {
                    case 0, 1 -> cluster.put(random.nextInt(600));
                    case 2 -> leader.node.applyAll();
                    case 3 -> leader.node.applyTo(leader.node.lastShippable() + random.nextInt(4));
                    case 4 -> leader.elected();
                    case 5 -> leader.node.proposing(PROPOSING[random.nextInt(PROPOSING.length)]);
                    case 6, 7 -> leader.workers.runSome(random);
                    default -> pace.pause(leader.term.step());
                }
            }
            store.faults(Faults.NONE, random);
            drain(leaders[random.nextInt(leaders.length)]);
            store.deliverLatePuts();
            cluster.proveCoverage();
            cluster.put(1);
            drain(leaders[random.nextInt(leaders.length)]);
            cluster.proveCoverage();
        }

        private void drain(Leader leader) {
            leader.node.applyAll();
            leader.node.proposing(Proposing.APPLIES);
            leader.elected();
            for (int i = 0; i < 5_000 && leader.hasClientEntries(); i++) {
                leader.workers.runSome(random);
                pace.pause(Math.max(1, leader.term.step()));
            }
            ModelCluster.require(!leader.hasClientEntries(), "not drained: " + leader.term.error());
        }

        /** A node that believes, rightly or not, that it leads. */
        private final class Leader {
            private final Node node = cluster.new Node();
            private final LateWorkers workers = new LateWorkers();
            private final Shipper shipper;
            private ShippingTerm term;

            Leader() {
                shipper = new Shipper(
                        OPTIONS,
                        ModelCluster.HISTORY,
                        store,
                        node,
                        node,
                        node::state,
                        pace,
                        random,
                        new MetricRegistry(),
                        Halt.THROW);
                term = newTerm();
            }

            private ShippingTerm newTerm() {
                return shipper.newTerm(Optional.empty(), workers, () -> {});
            }

            void elected() {
                cluster.newTerm();
                node.applyAll();
                term = newTerm();
            }

            boolean hasClientEntries() {
                for (long lsn = cluster.shipped() + 1; lsn <= cluster.last(); lsn++) {
                    if (!Bookkeeping.holds(cluster.entry(lsn))) {
                        return true;
                    }
                }
                return false;
            }
        }
    }
}
