package io.tidemark.jepsen.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.jepsen.history.Event;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OpenTransactionCheckerTest {

    private final Script script = Script.of("open-transactions");

    private void put(String t, String key, String value) {
        script.done(0, "put", List.of(t, key, value));
    }

    private void commit(String t, long lsn) {
        script.done(0, "commit", List.of(t), Event.Seen.lsn(lsn));
    }

    private void read(Map<String, String> state) {
        script.done(1, "read", state);
    }

    @Test
    void aCommittedTransactionIsThereWhole() {
        script.done(0, "begin", List.of("t"));
        put("t", "x", "1");
        script.done(0, "get", List.of("t", "x", "1"));
        read(Map.of());
        script.done(0, "savepoint", List.of("t", "s"));
        put("t", "x", "2");
        put("t", "y", "3");
        script.done(0, "rollback-to", List.of("t", "s"));
        put("t", "z", "4");
        script.done(0, "get", Arrays.asList("t", "y", null));
        commit("t", 9);
        read(Map.of("x", "1", "z", "4"));
        put("u", "x", "5");
        script.done(0, "delete", List.of("u", "z"));
        commit("u", 12);
        read(Map.of("x", "5"));
        assertTrue(script.verdict().valid(), script.verdict().message());
    }

    @Test
    void anUnclearCommitIsThereWholeOrNotAtAll() {
        put("t", "x", "1");
        put("t", "y", "2");
        script.begin(2, "commit", List.of("t")).info(2, "commit", List.of("t"));
        read(Map.of());
        read(Map.of("x", "1", "y", "2"));
        assertTrue(script.verdict().valid(), script.verdict().message());
        read(Map.of("x", "1"));
        assertFound(OpenTransactionChecker.PARTIAL);
    }

    @Test
    void anEffectOfARolledBackTransactionIsFound() {
        put("t", "x", "1");
        script.done(0, "rollback", List.of("t"));
        read(Map.of("x", "1"));
        assertFound(OpenTransactionChecker.ABORTED);
    }

    @Test
    void anEffectOfAClientThatVanishedIsFound() {
        put("t", "x", "1");
        read(Map.of("x", "1"));
        assertFound(OpenTransactionChecker.ABORTED);
    }

    @Test
    void aDirtyReadIsFound() {
        put("t", "x", "1");
        read(Map.of("x", "1"));
        commit("t", 3);
        assertFound(OpenTransactionChecker.DIRTY);
    }

    @Test
    void aDirtyReadWithinATransactionIsFound() {
        put("t", "x", "1");
        script.done(1, "get", List.of("u", "x", "1"));
        commit("t", 3);
        read(Map.of("x", "1"));
        assertFound(OpenTransactionChecker.DIRTY);
    }

    @Test
    void whatWasTakenBackToASavepointIsFound() {
        script.done(0, "savepoint", List.of("t", "s"));
        put("t", "x", "1");
        script.done(0, "rollback-to", List.of("t", "s"));
        commit("t", 3);
        read(Map.of("x", "1"));
        assertFound(OpenTransactionChecker.SAVEPOINT);
    }

    @Test
    void aValueThatItsTransactionOverwroteIsFound() {
        put("t", "x", "1");
        put("t", "x", "2");
        script.begin(0, "commit", List.of("t"));
        read(Map.of("x", "1"));
        script.ok(0, "commit", List.of("t"), Event.Seen.lsn(4));
        assertTrue(script.verdict().types().contains(OpenTransactionChecker.INTERMEDIATE));
    }

    @Test
    void halfATransactionIsFound() {
        put("t", "x", "1");
        put("t", "y", "2");
        script.begin(0, "commit", List.of("t"));
        read(Map.of("x", "1"));
        script.ok(0, "commit", List.of("t"), Event.Seen.lsn(4));
        assertFound(OpenTransactionChecker.PARTIAL);
    }

    @Test
    void aLostCommitIsFound() {
        put("t", "x", "1");
        commit("t", 3);
        put("u", "x", "2");
        commit("u", 4);
        read(Map.of("x", "1"));
        assertFound(OpenTransactionChecker.LOST);
    }

    @Test
    void anOwnChangeThatIsNotSeenIsFound() {
        put("t", "x", "1");
        script.done(0, "get", Arrays.asList("t", "x", null));
        read(Map.of());
        assertFound(OpenTransactionChecker.OWN);
    }

    @Test
    void aLockThatIsLostIsFound() {
        put("t", "x", "1");
        script.done(1, "put", List.of("u", "x", "2"));
        script.done(1, "rollback", List.of("u"));
        commit("t", 3);
        read(Map.of("x", "1"));
        assertFound(OpenTransactionChecker.LOCK);
    }

    @Test
    void aLockThatEndedWithItsSavepointIsNotLost() {
        script.done(0, "savepoint", List.of("t", "s"));
        put("t", "x", "1");
        script.done(0, "rollback-to", List.of("t", "s"));
        script.done(1, "put", List.of("u", "x", "2"));
        commit("t", 3);
        read(Map.of());
        assertTrue(script.verdict().valid(), script.verdict().message());
    }

    @Test
    void aValueThatNobodyWroteIsFound() {
        read(Map.of("x", "1"));
        assertFound(OpenTransactionChecker.UNEXPECTED);
    }

    @Test
    void withoutReadsNothingIsKnown() {
        put("t", "x", "1");
        assertEquals(Verdict.Outcome.UNKNOWN, script.verdict().outcome());
    }

    private void assertFound(String type) {
        assertEquals(Set.of(type), script.verdict().types(), script.verdict().message());
    }
}
