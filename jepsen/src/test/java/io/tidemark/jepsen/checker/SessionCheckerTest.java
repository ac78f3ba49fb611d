package io.tidemark.jepsen.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.jepsen.history.Event;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionCheckerTest {

    private final Script script = Script.of("session");

    private void write(int process, String key, String value, long lsn) {
        script.done(process, "write", List.of(key, value), Event.Seen.at(lsn + ".0", lsn));
    }

    /** {@code version} 0 = absent. */
    private void read(int process, String key, String value, long version, Long lsn) {
        script.done(
                process,
                "read",
                Arrays.asList(key, value),
                new Event.Seen(version == 0 ? null : version + ".0", lsn, null));
    }

    @Test
    void anotherSessionMayReadThePast() {
        write(0, "x", "a", 1);
        write(0, "x", "b", 2);
        read(0, "x", "b", 2, 2L);
        read(1, "x", "a", 1, 1L);
        read(1, "y", null, 0, 1L);
        read(1, "x", "b", 2, 2L);
        assertTrue(script.verdict().valid(), script.verdict().message());
    }

    @Test
    void notReadingOnesOwnWriteIsFound() {
        write(0, "x", "a", 1);
        write(0, "x", "b", 2);
        read(0, "x", "a", 1, 1L);
        assertFound(SessionChecker.READ_YOUR_WRITES);
    }

    @Test
    void notReadingOnesOwnWriteIsFoundByVersionsAlone() {
        write(0, "x", "a", 1);
        read(0, "x", null, 0, null);
        assertFound(SessionChecker.READ_YOUR_WRITES);
    }

    @Test
    void aReadThatGoesBackIsFound() {
        write(0, "x", "a", 1);
        write(0, "x", "b", 2);
        read(1, "x", "b", 2, 2L);
        read(1, "y", null, 0, 1L);
        assertFound(SessionChecker.MONOTONIC_READS);
    }

    @Test
    void aWriteThatGoesBackIsFound() {
        write(0, "x", "a", 5);
        write(0, "y", "b", 4);
        assertFound(SessionChecker.MONOTONIC_WRITES);
    }

    @Test
    void aWriteBeforeWhatItsSessionReadIsFound() {
        write(0, "x", "a", 5);
        read(1, "x", "a", 5, 5L);
        write(1, "y", "b", 3);
        assertFound(SessionChecker.WRITES_FOLLOW_READS);
    }

    @Test
    void aStateThatLacksAnAcknowledgedWriteIsFound() {
        write(0, "x", "a", 1);
        write(0, "x", "b", 2);
        read(1, "x", "a", 1, 7L);
        assertFound(SessionChecker.LOST);
    }

    @Test
    void aValueWithTwoVersionsIsFound() {
        write(0, "x", "a", 1);
        read(1, "x", "a", 3, 3L);
        assertFound(SessionChecker.WRONG_VERSION);
    }

    @Test
    void aValueThatNobodyWroteIsFound() {
        read(1, "x", "a", 3, 3L);
        assertFound(SessionChecker.UNEXPECTED);
    }

    @Test
    void deletedIsNotLost() {
        write(0, "x", "a", 1);
        script.done(1, "delete", Arrays.asList("x", null), Event.Seen.at("2.0", 2));
        read(0, "x", null, 0, 2L);
        assertTrue(script.verdict().valid(), script.verdict().message());
    }

    private void assertFound(String type) {
        assertTrue(script.verdict().types().contains(type), script.verdict().toString());
        assertEquals(Verdict.Outcome.INVALID, script.verdict().outcome());
    }
}
