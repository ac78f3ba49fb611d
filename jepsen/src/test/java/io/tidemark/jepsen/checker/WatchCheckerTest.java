package io.tidemark.jepsen.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.jepsen.history.Event;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchCheckerTest {

    private static final List<String> X_A = List.of("1.0", "x", "a");
    private static final List<String> X_B = List.of("2.0", "x", "b");
    private static final List<String> Y_C = List.of("2.1", "y", "c");
    private static final List<String> Y_GONE = Arrays.asList("5.0", "y", null);

    private final Script script = Script.of("watch");

    /** x = a, then b, in one entry with y = c, which is deleted; z = u and a deletion of x are unclear, z = f failed. */
    @BeforeEach
    void write() {
        script.done(0, "write", List.of("x", "a"), Event.Seen.version("1.0"));
        script.done(0, "write", List.of("x", "b"), Event.Seen.version("2.0"));
        script.begin(8, "write", List.of("z", "u")).info(8, "write", List.of("z", "u"));
        script.begin(9, "delete", Arrays.asList("x", null)).info(9, "delete", Arrays.asList("x", null));
        script.begin(2, "write", List.of("z", "f")).fail(2, "write", List.of("z", "f"));
        script.done(1, "write", List.of("y", "c"), Event.Seen.version("2.1"));
        script.done(1, "delete", Arrays.asList("y", null), Event.Seen.version("5.0"));
    }

    @SafeVarargs
    private void watch(long lsn, List<String>... changes) {
        script.done(7, "watch", Map.of("lsn", lsn, "changes", List.of(changes)));
    }

    private void assertFound(String type) {
        assertEquals(Set.of(type), script.verdict().types(), script.verdict().message());
    }

    @Test
    void everyChangeOnceAndInOrderIsValid() {
        watch(5, X_A, X_B, Y_C, Y_GONE);
        assertTrue(script.verdict().valid(), script.verdict().message());
    }

    @Test
    void unclearChangesMayBeTold() {
        watch(6, X_A, X_B, Y_C, List.of("3.0", "z", "u"), Arrays.asList("4.0", "x", null), Y_GONE);
        assertTrue(script.verdict().valid(), script.verdict().message());
    }

    @Test
    void whatIsNotKeptNeedNotBeTold() {
        watch(5, X_A, X_B, Y_C, Y_GONE);
        script.done(7, "watch", Map.of("from", 2, "lsn", 5, "changes", List.of(X_B, Y_C, Y_GONE)));
        assertTrue(script.verdict().valid(), script.verdict().message());
    }

    @Test
    void aGapBehindWhatIsNotKeptIsFound() {
        script.done(7, "watch", Map.of("from", 2, "lsn", 5, "changes", List.of(X_B, Y_GONE)));
        assertFound(WatchChecker.LOST);
    }

    @Test
    void aGapIsFound() {
        watch(5, X_A, Y_C, Y_GONE);
        assertFound(WatchChecker.LOST);
    }

    @Test
    void aDeletionThatIsNotToldIsFound() {
        watch(5, X_A, X_B, Y_C);
        assertFound(WatchChecker.LOST);
    }

    @Test
    void aChangeToldTwiceIsFound() {
        watch(5, X_A, X_B, X_B, Y_C, Y_GONE);
        assertFound(WatchChecker.DISORDER);
    }

    @Test
    void changesInAnotherOrderAreFound() {
        watch(5, X_A, Y_C, X_B, Y_GONE);
        assertFound(WatchChecker.DISORDER);
    }

    @Test
    void aFailedChangeThatIsToldIsFound() {
        watch(5, X_A, X_B, Y_C, List.of("3.0", "z", "f"), Y_GONE);
        assertFound(WatchChecker.UNEXPECTED);
    }

    @Test
    void aChangeThatNobodyMadeIsFound() {
        watch(5, X_A, X_B, Y_C, List.of("3.0", "z", "?"), Y_GONE);
        assertFound(WatchChecker.UNEXPECTED);
    }

    @Test
    void aDeletionThatNobodyMadeIsFound() {
        watch(5, X_A, X_B, Y_C, Arrays.asList("3.0", "x", null), Arrays.asList("4.0", "x", null), Y_GONE);
        assertFound(WatchChecker.UNEXPECTED);
    }

    @Test
    void aChangeOfAnotherKeyIsFound() {
        watch(5, X_A, List.of("2.0", "y", "b"), Y_C, Y_GONE);
        assertFound(WatchChecker.MISPLACED);
    }

    @Test
    void aChangeAtAnotherPlaceIsFound() {
        watch(5, X_A, X_B, Y_C, List.of("3.0", "x", "a"), Y_GONE);
        assertFound(WatchChecker.MISPLACED);
    }

    @Test
    void watchersThatAreToldDifferentThingsAreFound() {
        watch(5, X_A, X_B, Y_C, Y_GONE);
        watch(5, X_A, X_B, Y_C, List.of("3.0", "z", "u"), Y_GONE);
        assertFound(WatchChecker.DIFFERENT);
    }

    @Test
    void withoutAWatchOrWithoutItsEndNothingIsKnown() {
        assertEquals(Verdict.Outcome.UNKNOWN, script.verdict().outcome());
        watch(4, X_A, X_B, Y_C);
        assertEquals(Verdict.Outcome.UNKNOWN, script.verdict().outcome());
    }
}
