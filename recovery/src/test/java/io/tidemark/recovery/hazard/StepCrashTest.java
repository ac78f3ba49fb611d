package io.tidemark.recovery.hazard;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.Retention;
import io.tidemark.engine.StorageEngine.State;
import io.tidemark.recovery.hazard.MortalStore.LastStep;
import io.tidemark.shipper.LateWorkers;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.pace.ManualPace;
import io.tidemark.shipper.retention.Garbage;
import io.tidemark.shipper.retention.RetentionOptions;
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
    private static final int ROUND_STEPS = 60;

    /** All of it: -Dtidemark.long=true. */
    private static final int STRIDE = Boolean.getBoolean("tidemark.long") ? 1 : 7;

    /** Without a word of the log a leader is at rest. */
    private static final int QUIET_STEPS = 10;

    @Test
    void x1_x2_x3_aLeaderThatDiesAtAnyStepOfShippingAndCheckpointingIsGoneOnFrom() {
        long steps = dieAtEachStep("ship, advance and checkpoint", RetentionOptions.defaults(), 1, 1);
        assertTrue(steps > 40, steps + " steps");
    }

    /** All states before the newest checkpoint are given up, and pages carried over from packs that are mostly dead. */
    @Test
    void ct6_x3_aLeaderThatDiesAtAnyStepOfCompactingAndCollectingIsGoneOnFrom() {
        long steps = dieAtEachStep(
                "ship, advance, checkpoint, compact and collect", new RetentionOptions(0, 1, 0, 90, 100), 4, STRIDE);
        assertTrue(steps > 150, steps + " steps");
    }

    private static long dieAtEachStep(String what, RetentionOptions retention, int rounds, int stride) {
        long steps = new Life(retention, rounds, Long.MAX_VALUE, LastStep.NEVER_DONE).play();
        int lives = 0;
        for (long n = 1 + new Random().nextInt(stride); n <= steps; n += stride) {
            for (LastStep last : LastStep.values()) {
                try {
                    new Life(retention, rounds, n, last).play();
                } catch (RuntimeException | AssertionError e) {
                    throw new AssertionError("death at step " + n + " of " + steps + ", " + last + ": " + e, e);
                }
                lives++;
            }
        }
        System.out.println("steps of " + what + ": " + steps + ", leaders that died: " + lives);
        return steps;
    }

    /** One leader, who dies, and the next. */
    private static final class Life {
        private final SimulatedObjectStore store = new SimulatedObjectStore();
        private final ObjectStore truth = PeekedStore.of(store);
        private final SharedLog log = new SharedLog(truth);
        private final ManualPace pace = new ManualPace();
        private final Random random = new Random(5);
        private final MortalStore mortal;
        private final RetentionOptions retention;
        private final int rounds;
        private final long dyingStep;

        /** @param rounds of entries, after some steps each */
        Life(RetentionOptions retention, int rounds, long dyingStep, LastStep last) {
            this.retention = retention;
            this.rounds = rounds;
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
                        retention,
                        announcement -> mortal.step(() -> log.propose(announcement)),
                        workers,
                        pace,
                        random,
                        new MetricRegistry());
                live(first, workers);
                nextLeader(3);
                log.proveCoverage();
                // what came late goes in the term after, which looks for what others left
                nextLeader(1);
                log.proveCoverage();
                proveThatGarbageIsGone();
                return mortal.steps();
            }
        }

        private void nextLeader(int entries) {
            log.newTerm();
            put(entries);
            settle(new Leadership(log, store, retention, log, Runnable::run, pace, random, new MetricRegistry()));
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
                if (i > 0 && i % ROUND_STEPS == 0 && i / ROUND_STEPS <= rounds) {
                    put(14);
                }
                more = i <= rounds * ROUND_STEPS || !isSettled(leader);
            }
            SharedLog.require(mortal.isDead() || dyingStep == Long.MAX_VALUE, "step " + dyingStep + " never came");
        }

        /** What was under way arrives at any time, or never. */
        private void settle(Leadership leader) {
            int arrival = random.nextInt(60);
            int quiet = 0;
            for (int i = 0; i < STEPS_MAX; i++) {
                if (i == arrival) {
                    mortal.arrive();
                    quiet = 0;
                }
                long last = log.last();
                leader.step();
                quiet = isSettled(leader) && log.last() == last ? quiet + 1 : 0;
                if (i > arrival && quiet >= QUIET_STEPS) {
                    return;
                }
            }
            throw new AssertionError("does not come to rest: " + leader);
        }

        private void proveThatGarbageIsGone() {
            Retention kept = log.engine().state().retention();
            Garbage.Found left = Garbage.find(
                    new HistoryReader(truth),
                    SharedLog.HISTORY,
                    kept,
                    kept.collected(),
                    kept.swept(),
                    retention.packLivePercent());
            SharedLog.require(left.items().isEmpty(), "left behind: " + left.items());
            SharedLog.require(
                    retention.keepsAll() == (kept.collected() < 0),
                    "given up below " + kept.collected() + " with " + retention);
            boolean isUndisturbed = dyingStep == Long.MAX_VALUE;
            SharedLog.require(retention.keepsAll() || !isUndisturbed || log.carried() > 0, "no page was carried over");
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
