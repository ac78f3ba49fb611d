package io.tidemark.recovery.hazard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.StorageEngine.State;
import io.tidemark.recovery.hazard.MortalStore.LastStep;
import io.tidemark.shipper.LateWorkers;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.pace.ManualPace;
import io.tidemark.shipper.store.ObjectStore;
import io.tidemark.shipper.store.PeekedStore;
import io.tidemark.shipper.store.SimulatedObjectStore;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A leader dies at every request to S3 and every append to the log while it ships and makes checkpoints, several segments
 * under way at once: the step is not done, done, or done while the next leader is at work already. What it knew is gone;
 * the next one goes on from the log and S3 alone.
 */
class StepCrashTest {
    private static final int STEPS_MAX = 3_000;

    @Test
    void x1_x2_x3_aLeaderThatDiesAtAnyStepOfShippingAndCheckpointingIsGoneOnFrom() {
        long steps = new Life(Long.MAX_VALUE, LastStep.NEVER_DONE).play();
        assertTrue(steps > 40, steps + " steps");
        int lives = 0;
        for (long n = 1; n <= steps; n++) {
            for (LastStep last : LastStep.values()) {
                try {
                    new Life(n, last).play();
                } catch (RuntimeException | AssertionError e) {
                    throw new AssertionError("death at step " + n + " of " + steps + ", " + last + ": " + e, e);
                }
                lives++;
            }
        }
        System.out.println("steps of ship, advance and checkpoint: " + steps + ", leaders that died: " + lives);
        assertEquals(3 * steps, lives);
    }

    /** One leader, who dies, and the next. */
    private static final class Life {
        private final SimulatedObjectStore store = new SimulatedObjectStore();
        private final ObjectStore truth = PeekedStore.of(store);
        private final SharedLog log = new SharedLog(truth);
        private final ManualPace pace = new ManualPace();
        private final Random random = new Random(5);
        private final MortalStore mortal;
        private final long dyingStep;

        Life(long dyingStep, LastStep last) {
            this.dyingStep = dyingStep;
            this.mortal = new MortalStore(store, dyingStep, last);
        }

        long play() {
            try (log) {
                log.newTerm();
                put(18);
                LateWorkers workers = new LateWorkers();
                Leadership first = new Leadership(
                        log,
                        mortal,
                        announcement -> mortal.step(() -> log.propose(announcement)),
                        workers,
                        pace,
                        random,
                        new MetricRegistry());
                live(first, workers);
                log.newTerm();
                put(3);
                settle(new Leadership(log, store, pace, random, new MetricRegistry()));
                log.proveCoverage();
                return mortal.steps();
            }
        }

        private void put(int entries) {
            for (int i = 0; i < entries; i++) {
                log.put(random, 24, 100 + random.nextInt(500));
            }
        }

        /** Until it dies, or everything is shipped. */
        private void live(Leadership leader, LateWorkers workers) {
            boolean more = true;
            for (int i = 0; i < STEPS_MAX && more && !mortal.isDead(); i++) {
                try {
                    leader.step();
                    workers.runSome(random);
                } catch (MortalStore.Died e) {
                    SharedLog.require(mortal.isDead(), "died of another's death");
                }
                if (i == 60) {
                    put(14);
                }
                more = i <= 60 || !isSettled(leader);
            }
            SharedLog.require(mortal.isDead() || dyingStep == Long.MAX_VALUE, "step " + dyingStep + " never came");
        }

        /** What was under way arrives at any time, or never. */
        private void settle(Leadership leader) {
            int arrival = random.nextInt(60);
            for (int i = 0; i < STEPS_MAX; i++) {
                if (i == arrival) {
                    mortal.arrive();
                }
                leader.step();
                if (i > arrival && isSettled(leader)) {
                    return;
                }
            }
            throw new AssertionError("does not come to rest: " + leader);
        }

        private boolean isSettled(Leadership leader) {
            State now = log.engine().state();
            return !log.hasClientEntriesToShip()
                    && leader.rests()
                    && new HistoryReader(truth)
                                            .covering(
                                                    SharedLog.HISTORY,
                                                    now.checkpoint().lsn(),
                                                    now.shipped())
                                            .stream()
                                            .mapToLong(HistoryReader.Piece::bytes)
                                            .sum()
                            < Leadership.CHECKPOINT_LOG_BYTES;
        }
    }
}
