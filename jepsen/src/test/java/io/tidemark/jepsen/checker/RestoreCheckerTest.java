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

class RestoreCheckerTest {

    private final Script script = Script.of("restore");

    /** x = a at 1, b at 2; y = c at 3, deleted at 5; z = u of an unclear write. */
    @BeforeEach
    void write() {
        script.done(0, "write", List.of("x", "a"), Event.Seen.version("1.0"));
        script.done(0, "write", List.of("x", "b"), Event.Seen.version("2.0"));
        script.begin(9, "write", List.of("z", "u")).info(9, "write", List.of("z", "u"));
        script.done(1, "write", List.of("y", "c"), Event.Seen.version("3.0"));
        script.done(1, "take-lsn", 3);
        script.done(1, "delete", Arrays.asList("y", null), Event.Seen.version("5.0"));
    }

    private void restore(long lsn, Map<String, List<String>> rows) {
        script.done(1, "restore", Map.of("lsn", lsn, "rows", rows));
    }

    @Test
    void theStateAtEachLsnIsValid() {
        restore(0, Map.of());
        restore(1, Map.of("x", List.of("a", "1.0")));
        restore(3, Map.of("x", List.of("b", "2.0"), "y", List.of("c", "3.0")));
        restore(5, Map.of("x", List.of("b", "2.0"), "z", List.of("u", "4.0")));
        assertTrue(script.verdict().valid(), script.verdict().message());
    }

    @Test
    void aLostWriteIsFound() {
        restore(3, Map.of("x", List.of("b", "2.0")));
        assertFound(RestoreChecker.LOST);
    }

    @Test
    void anOlderValueIsFound() {
        restore(3, Map.of("x", List.of("a", "1.0"), "y", List.of("c", "3.0")));
        assertFound(RestoreChecker.LOST);
    }

    @Test
    void aDeletedKeyThatIsBackIsFound() {
        restore(5, Map.of("x", List.of("b", "2.0"), "y", List.of("c", "3.0")));
        assertFound(RestoreChecker.LOST);
    }

    @Test
    void aWriteOfTheFutureIsFound() {
        restore(1, Map.of("x", List.of("b", "2.0")));
        assertFound(RestoreChecker.TOO_NEW);
    }

    @Test
    void anUnclearWriteThatIsThereEarlierAndGoneLaterIsFound() {
        restore(4, Map.of("x", List.of("b", "2.0"), "y", List.of("c", "3.0"), "z", List.of("u", "4.0")));
        restore(5, Map.of("x", List.of("b", "2.0")));
        assertFound(RestoreChecker.LOST);
    }

    @Test
    void anotherVersionIsFound() {
        restore(1, Map.of("x", List.of("a", "0.7")));
        assertFound(RestoreChecker.WRONG_VERSION);
    }

    @Test
    void aValueThatNobodyWroteIsFound() {
        restore(1, Map.of("x", List.of("a", "1.0"), "w", List.of("?", "1.0")));
        assertFound(RestoreChecker.UNEXPECTED);
    }

    @Test
    void anLsnBeforeAnAcknowledgedWriteIsFound() {
        script.done(0, "take-lsn", 4);
        restore(0, Map.of());
        assertFound(RestoreChecker.LSN_BACK);
    }

    @Test
    void withoutARestoreNothingIsKnown() {
        assertEquals(Verdict.Outcome.UNKNOWN, script.verdict().outcome());
        script.begin(3, "restore", Map.of("lsn", 3)).fail(3, "restore", Map.of("lsn", 3));
        restore(0, Map.of());
        assertEquals(Verdict.Outcome.UNKNOWN, script.verdict().outcome());
    }

    private void assertFound(String type) {
        assertEquals(Set.of(type), script.verdict().types(), script.verdict().message());
    }
}
