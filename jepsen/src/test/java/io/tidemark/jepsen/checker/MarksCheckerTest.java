package io.tidemark.jepsen.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.jepsen.history.Event;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MarksCheckerTest {

    private final Script script = Script.of("marks");
    private final Map<String, Object> holding = new LinkedHashMap<>(Map.of(
            "node",
            "n1",
            "log",
            List.of(21, 40),
            "s3",
            List.of(List.of(0, 9), List.of(10, 25)),
            "committed",
            40,
            "s3HighWaterMark",
            25,
            "raftLowWaterMark",
            20));

    private void mark(long committed, long high, long low) {
        script.nemesis(
                Event.MARK, new Marks("h", "n1", 1, 7, committed, committed, committed, high, low, committed).value());
    }

    private Verdict end() {
        mark(40, 25, 20);
        return script.nemesis(MarksChecker.HOLDING, holding).verdict();
    }

    @Test
    void marksThatRiseInTheirOrderAreValid() {
        mark(10, 5, -1);
        mark(30, 25, 20);
        Verdict verdict = end();
        assertTrue(verdict.valid(), verdict.message());
        assertEquals(3, verdict.figures().get("moves"));
    }

    @Test
    void raftForgettingWhatS3DoesNotHaveIsFound() {
        mark(10, 5, 6);
        assertFound(MarkRules.INVARIANT, script.verdict());
    }

    @Test
    void aMarkThatGoesBackIsFound() {
        mark(10, 5, 4);
        mark(11, 4, 4);
        assertFound(MarkRules.WENT_BACK, script.verdict());
    }

    @Test
    void aGapInS3IsFound() {
        holding.put("s3", List.of(List.of(0, 9), List.of(11, 25)));
        assertFound(MarksChecker.MISSING, end());
    }

    @Test
    void whatWasGivenUpIsNotMissing() {
        holding.put("s3", List.of(List.of(10, 25)));
        holding.put("floor", 9);
        assertTrue(end().valid());
    }

    @Test
    void aLogThatBeginsTooLateIsFound() {
        holding.put("log", List.of(22, 40));
        assertFound(MarksChecker.MISSING, end());
    }

    @Test
    void aLogThatEndsTooEarlyIsFound() {
        holding.put("log", List.of(21, 39));
        assertFound(MarksChecker.MISSING, end());
    }

    @Test
    void anAcknowledgedWritePastTheEndIsFound() {
        script.done(0, "write", List.of("x", "a"), Event.Seen.version("41.0"));
        assertFound(MarksChecker.LOST, end());
    }

    @Test
    void chainsThatDifferAreFound() {
        holding.put("chain", List.of(25, "aa"));
        script.nemesis(MarksChecker.HOLDING, Map.of("node", "s3", "chain", List.of(25, "bb")));
        assertFound(MarksChecker.DIVERGED, end());
    }

    @Test
    void withoutMovesNothingIsKnown() {
        assertEquals(Verdict.Outcome.UNKNOWN, script.verdict().outcome());
    }

    @Test
    void anyWorkloadsMarksAreJudgedToo() {
        Script registers = Script.of("register");
        registers.nemesis(Event.MARK, new Marks("h", "n1", 1, 7, 10, 10, 10, 11, 0, 1).value());
        assertFound(MarkRules.INVARIANT, registers.verdict());
    }

    private static void assertFound(String type, Verdict verdict) {
        assertEquals(Set.of(type), verdict.types(), verdict.message());
    }
}
