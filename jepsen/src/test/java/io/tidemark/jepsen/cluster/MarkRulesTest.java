package io.tidemark.jepsen.cluster;

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
        assertFine(NodeStatus.down("n1"));
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

    private void assertFine(NodeStatus status) {
        assertEquals(Optional.empty(), rules.violation(status));
    }

    private void assertViolation(String wanted, NodeStatus status) {
        String violation = rules.violation(status).orElse("none");
        assertTrue(violation.contains(wanted), violation);
    }

    private static NodeStatus status(
            int incarnation, long pid, long committed, long highWater, long lowWater, long durable) {
        return new NodeStatus(
                "c",
                "h",
                "n1",
                incarnation,
                pid,
                "FOLLOWER",
                3,
                "n2",
                committed,
                committed,
                durable,
                highWater,
                lowWater,
                0,
                durable,
                "00",
                0,
                0,
                7,
                null);
    }
}
