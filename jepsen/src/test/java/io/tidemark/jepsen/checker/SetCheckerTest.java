package io.tidemark.jepsen.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SetCheckerTest {

    private final Script script = Script.of("set");

    @Test
    void whatWasAddedIsThere() {
        script.done(0, "add", 1).begin(1, "add", 2).done(0, "read", List.of(1)).ok(1, "add", 2);
        script.begin(2, "add", 3).info(2, "add", 3).begin(3, "add", 4).info(3, "add", 4);
        script.begin(0, "add", 5).fail(0, "add", 5).done(0, "read", List.of(1, 2, 3));
        Verdict verdict = script.verdict();
        assertTrue(verdict.valid(), verdict.message());
        assertEquals(1, verdict.figures().get("recovered"));
        assertEquals(1, verdict.figures().get("never-read"));
        assertEquals(2, verdict.figures().get("acknowledged"));
    }

    @Test
    void aLostElementIsFound() {
        assertFound(SetChecker.LOST, script.done(0, "add", 1).done(0, "add", 2).done(0, "read", List.of(2)));
    }

    @Test
    void aStaleReadIsFound() {
        assertFound(
                SetChecker.STALE,
                script.done(0, "add", 1).done(0, "read", List.of()).done(0, "read", List.of(1)));
    }

    @Test
    void anUnexpectedElementIsFound() {
        assertFound(SetChecker.UNEXPECTED, script.done(0, "add", 1).done(0, "read", List.of(1, 2)));
    }

    @Test
    void anElementReadBeforeItWasAddedIsFound() {
        assertFound(
                SetChecker.UNEXPECTED,
                script.done(0, "read", List.of(1)).done(0, "add", 1).done(0, "read", List.of(1)));
    }

    @Test
    void anElementWhoseAdditionFailedIsFound() {
        assertFound(
                SetChecker.FAILED, script.begin(0, "add", 1).fail(0, "add", 1).done(0, "read", List.of(1)));
    }

    @Test
    void anElementThatIsThereTwiceIsFound() {
        assertFound(SetChecker.DUPLICATE, script.done(0, "add", 1).done(0, "read", List.of(1, 1)));
    }

    @Test
    void withoutAFinalReadNothingIsKnown() {
        assertEquals(Verdict.Outcome.UNKNOWN, script.done(0, "add", 1).verdict().outcome());
        Script early = Script.of("set").done(0, "read", List.of()).done(0, "add", 1);
        assertEquals(Verdict.Outcome.UNKNOWN, early.verdict().outcome());
    }

    @Test
    void anotherWorkloadIsRefused() {
        assertThrows(
                IllegalArgumentException.class, () -> script.done(0, "cas", 1).verdict());
        assertThrows(
                IllegalArgumentException.class,
                () -> Script.of("set").done(0, "add", 1).done(0, "add", 1).verdict());
    }

    private static void assertFound(String type, Script script) {
        assertEquals(Set.of(type), script.verdict().types(), script.verdict().message());
    }
}
