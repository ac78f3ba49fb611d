package io.tidemark.jepsen.checker.append;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.jepsen.checker.Anomaly;
import io.tidemark.jepsen.checker.Limits;
import io.tidemark.jepsen.checker.Verdict;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ListAppendCheckerTest {

    @Test
    void aSerialHistoryIsValid() {
        Verdict verdict = check(new Appends()
                .done(0, "a x 1, a x 2, r y")
                .done(1, "r x 1 2, a y 1, r y 1")
                .done(0, "r x 1 2, a x 3, r x 1 2 3, r y 1"));
        assertTrue(verdict.valid(), verdict.message());
    }

    @Test
    void whatIsConcurrentMayTakeAnyOrder() {
        assertTrue(check(new Appends().together("a x 1", "a x 2", "r x", "r x 2", "r x 2 1"))
                .valid());
    }

    @Test
    void anUnclearTransactionMayHaveHappenedOrNot() {
        assertTrue(check(new Appends().info(0, "a x 1").done(1, "r x").done(1, "r x 1"))
                .valid());
        assertTrue(
                check(new Appends().info(0, "a x 1, a y 1").done(1, "r x, r y")).valid());
        Verdict half = check(
                new Appends().info(0, "a x 1, a y 1").done(1, "r x 1, r y").done(1, "r y 1"));
        assertTrue(half.types().contains("G-single"), half.types() + ": but not half");
    }

    @ParameterizedTest
    @EnumSource(BadAppends.class)
    void isFound(BadAppends bad) {
        Verdict verdict = new ListAppendChecker().check(bad.history(), Limits.standard());
        assertEquals(Verdict.Outcome.INVALID, verdict.outcome());
        assertTrue(verdict.types().contains(bad.type), verdict.types() + " " + verdict.message());
        for (Anomaly anomaly : verdict.anomalies()) {
            assertFalse(anomaly.events().isEmpty(), anomaly.explanation());
        }
    }

    @ParameterizedTest
    @EnumSource(BadAppends.class)
    void isFoundByTheLevelsThatForbidItOnly(BadAppends bad) {
        for (Isolation isolation : Isolation.values()) {
            Verdict verdict = new ListAppendChecker().check(bad.history(isolation.title()), Limits.standard());
            assertEquals(
                    isolation.forbidden().contains(bad.type),
                    verdict.types().contains(bad.type),
                    isolation + " " + verdict);
            assertTrue(isolation.forbidden().containsAll(verdict.types()), isolation + " " + verdict);
        }
    }

    @Test
    void aCycleIsShownOnceInItsNarrowestClass() {
        assertEquals("[G2-item]", typesOf(BadAppends.WRITE_SKEW));
        assertEquals("[G-single]", typesOf(BadAppends.READ_SKEW));
        assertEquals("[G1c]", typesOf(BadAppends.G1C));
        assertEquals("[G0]", typesOf(BadAppends.G0));
        assertEquals("[G2-item-realtime]", typesOf(BadAppends.STALE_TOGETHER));
        assertEquals("[G-single-realtime]", typesOf(BadAppends.STALE_READ));
    }

    private static String typesOf(BadAppends bad) {
        return new ListAppendChecker()
                .check(bad.history(), Limits.standard())
                .types()
                .toString();
    }

    @Test
    void aCycleIsExplainedStepByStep() {
        Verdict verdict = new ListAppendChecker().check(BadAppends.READ_SKEW.history(), Limits.standard());
        assertEquals("""
                G-single: each of 2 transactions comes before the next
                  T1 = [1, 3] process 1: read x [], read y [1]
                  T2 = [0, 2] process 0: append x 1, append y 1
                  T1 before T2: T1 read x while it was empty, without the 1 that T2 appended
                  T2 before T1: T1 read y up to the 1 that T2 appended""", verdict.message());
        assertEquals(List.of(1L, 0L), verdict.anomalies().get(0).events());
    }

    @Test
    void theShortestCycleIsShown() {
        Verdict verdict = check(new Appends()
                .together("r x, a y 1", "r y, a z 1", "r z, a x 1, r v", "r v, a z 2, a w 1", "r w, a v 1")
                .done(9, "r x 1, r y 1, r z 1 2, r v 1, r w 1"));
        Anomaly cycle = verdict.anomalies().get(0);
        assertEquals("G2-item", cycle.type());
        assertEquals(2, cycle.events().size(), cycle.explanation());
    }

    @Test
    void withoutTimeNothingIsKnown() {
        Verdict verdict = new ListAppendChecker()
                .check(
                        new Appends().done(0, "a x 1, r x 1").history(),
                        Limits.standard().withTime(Duration.ZERO));
        assertEquals(Verdict.Outcome.UNKNOWN, verdict.outcome());
    }

    @Test
    void withoutReadsNothingIsKnown() {
        assertEquals(
                Verdict.Outcome.UNKNOWN, check(new Appends().done(0, "a x 1")).outcome());
    }

    @Test
    void elementsMustBeUnique() {
        Appends twice = new Appends().done(0, "a x 1").done(1, "a x 1");
        assertThrows(IllegalArgumentException.class, () -> check(twice));
        assertThrows(IllegalArgumentException.class, () -> check(new Appends("perfect")));
    }

    private static Verdict check(Appends appends) {
        return new ListAppendChecker().check(appends.history(), Limits.standard());
    }
}
