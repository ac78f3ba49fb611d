package io.tidemark.jepsen.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.jepsen.checker.AcknowledgedWrites.Row;
import io.tidemark.jepsen.checker.Checkers;
import io.tidemark.jepsen.checker.Limits;
import io.tidemark.jepsen.checker.Verdict;
import io.tidemark.jepsen.history.Header;
import io.tidemark.jepsen.history.Recorder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RestoreWorkloadTest {
    private final Recorder history = Recorder.inMemory(Header.of("restore"), () -> 0);
    private final Past past = new Past();
    private final RestoreWorkload workload =
            new RestoreWorkload(history, List.of("127.0.0.1:1"), Duration.ofSeconds(1), past);

    RestoreWorkloadTest() {
        workload.remember(1);
        workload.remember(5);
    }

    /** It was called unknown, and the run with it. */
    @Test
    void aStateThatIsGivenUpAfterItWasChosenIsNoFindingAndAnotherIsShown() {
        past.kept = 5;
        workload.finish();
        assertEquals(List.of(1L, 5L, 5L), past.asked);
        Verdict verdict = Checkers.check(history.history(), "restore", Limits.standard());
        assertTrue(verdict.valid(), verdict.message());
    }

    @Test
    void aStateThatIsKeptAndCannotBeHadIsAFinding() {
        past.kept = 5;
        past.floorOfS3 = 1;
        assertThrows(AssertionError.class, workload::finish);
    }

    /** Its floor is seen to rise only after something was asked for. */
    private static final class Past implements RestoreWorkload.Restorer {
        final List<Long> asked = new ArrayList<>();
        long kept;
        long floorOfS3 = 5;

        @Override
        public long floor() {
            return asked.isEmpty() ? 0 : floorOfS3;
        }

        @Override
        public Map<String, Row> restore(long lsn) {
            asked.add(lsn);
            if (lsn < kept) {
                throw new AssertionError("the state at LSN " + lsn + " is gone");
            }
            return Map.of();
        }

        @Override
        public Map<String, Row> fork(long lsn) {
            return restore(lsn);
        }

        @Override
        public Map<String, Row> view(long lsn) {
            return restore(lsn);
        }
    }
}
