package io.tidemark.jepsen.checker;

import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.jepsen.checker.simulation.SimulatedLists;
import io.tidemark.jepsen.checker.simulation.SimulatedRegisters;
import io.tidemark.jepsen.checker.simulation.SimulatedStore;
import io.tidemark.jepsen.checker.simulation.SimulatedTimeline;
import io.tidemark.jepsen.checker.simulation.Simulation;
import io.tidemark.jepsen.history.History;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Tens of thousands of operations, a twentieth of them unclear, are judged in seconds. */
class ScaleTest {

    /** {@code -Dtidemark.long=true} takes a hundred thousand. */
    private static final int CALLS = Boolean.getBoolean("tidemark.long") ? 100_000 : 30_000;

    private static final int FEWER = 30_000;
    /** Ten times what it takes, for a machine that does much else. */
    private static final Duration BOUND = Duration.ofSeconds(60);

    @Test
    void registersOfAHundredOperationsEach() {
        valid(new SimulatedRegisters(SimulatedRegisters.Defect.NONE, 120, new Random(1)));
    }

    @Test
    void oneRegisterOfAllOperations() {
        valid(new SimulatedRegisters(SimulatedRegisters.Defect.NONE, CALLS, new Random(2)));
    }

    @Test
    void transactionsOnLists() {
        valid(new SimulatedLists(SimulatedLists.Defect.NONE, 200, new Random(3)));
    }

    @Test
    void badTransactionsOnLists() {
        SimulatedStore store = new SimulatedLists(SimulatedLists.Defect.READS_STALE, 200, new Random(4));
        Verdict verdict = timed(store, CALLS);
        assertTrue(
                verdict.types().contains("G-single-realtime") || verdict.types().contains("G-single"));
    }

    @Test
    void restoresToTensOfThousandsOfLsns() {
        valid(new SimulatedTimeline(SimulatedTimeline.Defect.NONE, true, new Random(6)), FEWER);
    }

    private static void valid(SimulatedStore store) {
        valid(store, CALLS);
    }

    private static void valid(SimulatedStore store, int calls) {
        Verdict verdict = timed(store, calls);
        assertTrue(verdict.valid(), verdict::message);
    }

    private static Verdict timed(SimulatedStore store, int calls) {
        History history = Simulation.run(store, 10, calls, 3, new Random(5));
        long begin = System.nanoTime();
        Verdict verdict = assertTimeout(
                BOUND, () -> Checkers.check(history, history.header().workload(), Limits.standard()));
        System.out.printf(
                "%s of %,d operations, %.1f %% unclear, judged in %.2f s: %s %s%n",
                history.header().workload(),
                verdict.counts().invoked(),
                100 * verdict.counts().infoShare(),
                (System.nanoTime() - begin) / 1e9,
                verdict.outcome(),
                verdict.figures());
        return verdict;
    }
}
