package io.tidemark.jepsen.checker;

import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.jepsen.checker.simulation.SimulatedLists;
import io.tidemark.jepsen.checker.simulation.SimulatedRegisters;
import io.tidemark.jepsen.checker.simulation.SimulatedStore;
import io.tidemark.jepsen.checker.simulation.Simulation;
import io.tidemark.jepsen.history.History;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A hundred thousand operations, a twentieth of them unclear, are judged in seconds. */
class ScaleTest {

    private static final int CALLS = 100_000;
    private static final Duration SECONDS = Duration.ofSeconds(20);

    @Test
    void registersOfAHundredOperationsEach() {
        valid(new SimulatedRegisters(SimulatedRegisters.Defect.NONE, 120, new Random(1)));
    }

    @Test
    void oneRegisterOfAHundredThousandOperations() {
        valid(new SimulatedRegisters(SimulatedRegisters.Defect.NONE, CALLS, new Random(2)));
    }

    @Test
    void transactionsOnLists() {
        valid(new SimulatedLists(SimulatedLists.Defect.NONE, 200, new Random(3)));
    }

    @Test
    void badTransactionsOnLists() {
        SimulatedStore store = new SimulatedLists(SimulatedLists.Defect.READS_STALE, 200, new Random(4));
        Verdict verdict = timed(store);
        assertTrue(
                verdict.types().contains("G-single-realtime") || verdict.types().contains("G-single"));
    }

    private static void valid(SimulatedStore store) {
        Verdict verdict = timed(store);
        assertTrue(verdict.valid(), verdict::message);
    }

    private static Verdict timed(SimulatedStore store) {
        History history = Simulation.run(store, 10, CALLS, 3, new Random(5));
        long begin = System.nanoTime();
        Verdict verdict = assertTimeout(
                SECONDS, () -> Checkers.check(history, history.header().workload(), Limits.standard()));
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
