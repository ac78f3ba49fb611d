package io.tidemark.jepsen.checker.append;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.jepsen.checker.Limits;
import io.tidemark.jepsen.checker.Verdict;
import io.tidemark.jepsen.checker.simulation.Interleaving;
import io.tidemark.jepsen.checker.simulation.SimulatedLists;
import io.tidemark.jepsen.checker.simulation.Simulation;
import io.tidemark.jepsen.history.History;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** One anomaly somewhere in a long history that is right otherwise is found, and nothing else. */
class ListAppendProperties {

    @Property(tries = 60)
    void onePlantedAnomalyIsFoundAndNothingElse(@ForAll long seed, @ForAll BadAppends bad) {
        Random random = new Random(seed);
        History good = Simulation.run(
                new SimulatedLists(SimulatedLists.Defect.NONE, 50, random), 8, 500, random.nextInt(10), random);
        Verdict verdict =
                new ListAppendChecker().check(Interleaving.of(good, bad.history(), random), Limits.standard());
        assertEquals(Verdict.Outcome.INVALID, verdict.outcome());
        assertTrue(verdict.types().contains(bad.type), verdict.types() + " " + verdict.message());
        Set<String> alone = new TreeSet<>(
                new ListAppendChecker().check(bad.history(), Limits.standard()).types());
        assertEquals(alone, verdict.types());
    }
}
