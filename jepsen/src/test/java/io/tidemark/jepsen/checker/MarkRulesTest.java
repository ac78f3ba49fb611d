package io.tidemark.jepsen.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class MarkRulesTest {

    private final MarkRules rules = new MarkRules();

    @Test
    void raftNeverForgetsWhatS3DoesNotHave() {
        assertViolation("Raft_LWM above S3_HWM", status(1, 100, 30, 10, 20, 31));
    }

    @Test
    void s3NeverHasWhatIsNotCommitted() {
        assertViolation("S3_HWM above committed", status(1, 100, 30, 40, 10, 30));
    }

    @Test
    void marksOfOneIncarnationNeverGoBackEvenAcrossProcesses() {
        assertFine(status(1, 100, 30, 20, 20, 25));
        assertViolation("durable went back", status(1, 101, 30, 20, 20, 24));
    }

    @Test
    void eachMarkIsWatched() {
        assertFine(status(1, 100, 30, 20, 10, 25));
        assertViolation("S3_HWM went back", status(1, 100, 30, 19, 10, 25));
        assertViolation("Raft_LWM went back", status(1, 100, 30, 19, 9, 25));
    }

    @Test
    void aNewIncarnationBeginsAnew() {
        assertFine(status(1, 100, 30, 20, 20, 25));
        assertFine(status(2, 101, 5, 4, -1, 5));
    }

    private void assertFine(Marks marks) {
        assertEquals(Optional.empty(), rules.violation(marks));
    }

    private void assertViolation(String wanted, Marks marks) {
        String violation = rules.violation(marks).map(Anomaly::explanation).orElse("none");
        assertTrue(violation.contains(wanted), violation);
    }

    private static Marks status(
            int incarnation, long pid, long committed, long highWater, long lowWater, long durable) {
        return new Marks("h", "n1", incarnation, pid, committed, committed, durable, highWater, lowWater, 7);
    }
}
