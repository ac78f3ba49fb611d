package io.tidemark.jepsen.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.jepsen.checker.simulation.SimulatedBank;
import io.tidemark.jepsen.checker.simulation.SimulatedLists;
import io.tidemark.jepsen.checker.simulation.SimulatedRegisters;
import io.tidemark.jepsen.checker.simulation.SimulatedSet;
import io.tidemark.jepsen.checker.simulation.SimulatedStore;
import io.tidemark.jepsen.checker.simulation.SimulatedTimeline;
import io.tidemark.jepsen.checker.simulation.SimulatedTransactions;
import io.tidemark.jepsen.checker.simulation.Simulation;
import io.tidemark.jepsen.history.History;
import java.util.Collections;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The checkers against stores in memory: a right one is acquitted under any seed, each planted defect is found. */
class CheckersProperties {

    private static final int CALLS = 400;

    @Property(tries = 25)
    void rightStoresAreAcquitted(@ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int clients) {
        valid(seed, clients, r -> new SimulatedRegisters(SimulatedRegisters.Defect.NONE, 100, r));
        valid(seed, clients, r -> new SimulatedLists(SimulatedLists.Defect.NONE, 100, r));
        valid(seed, clients, r -> new SimulatedBank(SimulatedBank.Defect.NONE, r));
        valid(seed, clients, r -> new SimulatedSet(SimulatedSet.Defect.NONE, r));
        valid(seed, clients, r -> new SimulatedTimeline(SimulatedTimeline.Defect.NONE, false, r));
        valid(seed, clients, r -> new SimulatedTimeline(SimulatedTimeline.Defect.NONE, true, r));
        valid(seed, clients, r -> new SimulatedTransactions(SimulatedTransactions.Defect.NONE, r));
    }

    @Property(tries = 20)
    void registers(@ForAll long seed, @ForAll SimulatedRegisters.Defect defect) {
        Assume.that(defect != SimulatedRegisters.Defect.NONE);
        invalid(seed, r -> new SimulatedRegisters(defect, 100, r), Set.of(LinearizabilityChecker.NOT_LINEARIZABLE));
    }

    @Property(tries = 20)
    void lists(@ForAll long seed, @ForAll SimulatedLists.Defect defect) {
        Set<String> expected = switch (defect) {
            case LOSES_APPENDS -> Set.of("lost-append", "internal");
            case APPENDS_TWICE -> Set.of("duplicate-element");
            case READS_STALE -> Set.of("G-single", "G-single-realtime", "lost-update");
            case TEARS_SNAPSHOTS -> Set.of("G-single", "G-single-realtime", "lost-update", "internal");
            case FORGETS_OWN_APPENDS -> Set.of("internal");
            case NONE -> Set.of();
        };
        Assume.that(!expected.isEmpty());
        invalid(seed, r -> new SimulatedLists(defect, 100, r), expected);
    }

    @Property(tries = 20)
    void bank(@ForAll long seed, @ForAll SimulatedBank.Defect defect) {
        String expected = switch (defect) {
            case CREDITS_WITHOUT_DEBIT, SHOWS_HALF_A_TRANSFER -> BankChecker.WRONG_TOTAL;
            case OVERDRAWS -> BankChecker.NEGATIVE;
            case FORGETS_AN_ACCOUNT -> BankChecker.WRONG_ACCOUNTS;
            case NONE -> null;
        };
        Assume.that(expected != null);
        invalid(seed, r -> new SimulatedBank(defect, r), Set.of(expected));
    }

    @Property(tries = 20)
    void set(@ForAll long seed, @ForAll SimulatedSet.Defect defect) {
        String expected = switch (defect) {
            case LOSES_ELEMENTS -> SetChecker.LOST;
            case READS_STALE -> SetChecker.STALE;
            case MAKES_ELEMENTS_UP -> SetChecker.UNEXPECTED;
            case ADDS_TWICE -> SetChecker.DUPLICATE;
            case NONE -> null;
        };
        Assume.that(expected != null);
        invalid(seed, r -> new SimulatedSet(defect, r), Set.of(expected));
    }

    @Property(tries = 20)
    void session(@ForAll long seed, @ForAll SimulatedTimeline.Defect defect) {
        Set<String> expected = switch (defect) {
            case IGNORES_THE_SESSION -> Set.of(SessionChecker.READ_YOUR_WRITES, SessionChecker.MONOTONIC_READS);
            case LSN_GOES_BACK -> Set.of(SessionChecker.MONOTONIC_WRITES, SessionChecker.WRITES_FOLLOW_READS);
            case APPLIES_TWICE -> Set.of(SessionChecker.WRONG_VERSION);
            case LOSES_WRITES -> Set.of(SessionChecker.LOST);
            case NONE, RESTORES_TOO_LITTLE, RESTORES_TOO_MUCH -> Set.of();
        };
        Assume.that(!expected.isEmpty());
        invalid(seed, r -> new SimulatedTimeline(defect, false, r), expected);
    }

    @Property(tries = 20)
    void restore(@ForAll long seed, @ForAll SimulatedTimeline.Defect defect) {
        Set<String> expected = switch (defect) {
            case RESTORES_TOO_LITTLE, LOSES_WRITES -> Set.of(RestoreChecker.LOST);
            case RESTORES_TOO_MUCH -> Set.of(RestoreChecker.TOO_NEW, RestoreChecker.LOST);
            case APPLIES_TWICE -> Set.of(RestoreChecker.WRONG_VERSION);
            case NONE, LSN_GOES_BACK, IGNORES_THE_SESSION -> Set.of();
        };
        Assume.that(!expected.isEmpty());
        invalid(seed, r -> new SimulatedTimeline(defect, true, r), expected);
    }

    @Property(tries = 25)
    void openTransactions(@ForAll long seed, @ForAll SimulatedTransactions.Defect defect) {
        Set<String> expected = switch (defect) {
            case SHOWS_OPEN_TRANSACTIONS -> Set.of(OpenTransactionChecker.DIRTY, OpenTransactionChecker.ABORTED);
            case COMMITS_HALF -> Set.of(OpenTransactionChecker.PARTIAL, OpenTransactionChecker.LOST);
            case LOSES_COMMITS -> Set.of(OpenTransactionChecker.LOST);
            case IGNORES_SAVEPOINTS -> Set.of(OpenTransactionChecker.SAVEPOINT);
            case COMMITS_EXPIRED_ONES -> Set.of(OpenTransactionChecker.ABORTED, OpenTransactionChecker.DIRTY);
            case FORGETS_OWN_CHANGES -> Set.of(OpenTransactionChecker.OWN);
            case IGNORES_LOCKS -> Set.of(OpenTransactionChecker.LOCK);
            case NONE -> Set.of();
        };
        Assume.that(!expected.isEmpty());
        invalid(seed, r -> new SimulatedTransactions(defect, r), expected);
    }

    private static void valid(long seed, int clients, Function<Random, SimulatedStore> store) {
        Random random = new Random(seed);
        SimulatedStore right = store.apply(random);
        History history = Simulation.run(right, clients, CALLS, random.nextInt(15), random);
        Verdict verdict = verdict(history);
        assertEquals(Verdict.Outcome.VALID, verdict.outcome(), verdict::message);
    }

    private static void invalid(long seed, Function<Random, SimulatedStore> store, Set<String> expected) {
        Random random = new Random(seed);
        SimulatedStore wrong = store.apply(random);
        int calls = wrong instanceof SimulatedTransactions ? 8 * CALLS : 4 * CALLS;
        History history = Simulation.run(wrong, 3, calls, random.nextInt(8), random);
        Verdict verdict = verdict(history);
        assertEquals(Verdict.Outcome.INVALID, verdict.outcome(), verdict::message);
        assertTrue(!Collections.disjoint(expected, verdict.types()), () -> expected + " in " + verdict.types());
        verdict.anomalies().forEach(a -> assertTrue(a.explanation().length() > 20, a.explanation()));
    }

    private static Verdict verdict(History history) {
        return Checkers.check(history, history.header().workload(), Limits.standard());
    }
}
