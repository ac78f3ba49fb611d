package io.tidemark.jepsen.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidemark.jepsen.checker.Verdict;
import io.tidemark.jepsen.history.Counts;
import io.tidemark.jepsen.history.Event;
import io.tidemark.jepsen.history.Header;
import io.tidemark.jepsen.history.Recorder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResumptionTest {

    private final long[] millis = {0};
    private final Recorder recorder = Recorder.inMemory(Header.of("register"), () -> millis[0] * 1_000_000);

    private void at(long when, Runnable deed) {
        millis[0] = when;
        deed.run();
    }

    private void call(int process, String f, long begin, long end) {
        at(begin, () -> recorder.invoke(process, f, Arrays.asList("k", null)));
        at(end, () -> recorder.ok(process, f, Arrays.asList("k", "v"), Event.Seen.NOTHING));
    }

    @Test
    void fromBeforeTheBlowToTheFirstWriteThatBeganBehindIt() {
        at(0, () -> recorder.invoke(1, "write", List.of("k", "early")));
        at(100, () -> recorder.nemesis("kill", List.of("strike")));
        at(150, () -> recorder.nemesis("kill", List.of("struck", "n1, the leader")));
        at(160, () -> recorder.ok(1, "write", List.of("k", "early"), Event.Seen.NOTHING));
        call(2, "read", 200, 300);
        call(3, "write", 400, 1_100);
        at(2_000, () -> recorder.nemesis("kill", List.of("healed")));
        at(3_000, () -> recorder.nemesis("kill", List.of("strike")));
        at(3_000, () -> recorder.nemesis("kill", List.of("struck", "n2")));
        call(4, "cas", 3_010, 3_020);
        assertEquals(
                Map.of(
                        "resumed.kill.blows", 2L,
                        "resumed.kill.p50.millis", 20L,
                        "resumed.kill.p99.millis", 1_000L,
                        "resumed.kill.max.millis", 1_000L),
                Resumption.of(recorder.history()).figures());
    }

    /** A restart of all nodes in turn counted as long as it took, though others could write meanwhile. */
    @Test
    void whileABlowLastsTheLongestPauseCounts() {
        at(100, () -> recorder.nemesis("rolling-restart", List.of("strike")));
        call(1, "write", 200, 300);
        call(1, "write", 900, 1_000);
        call(1, "write", 1_100, 1_200);
        at(1_300, () -> recorder.nemesis("rolling-restart", List.of("struck", "n1, then n2")));
        call(1, "write", 1_310, 1_400);
        assertEquals(700L, Resumption.of(recorder.history()).figures().get("resumed.rolling-restart.max.millis"));
    }

    @Test
    void whatNeverResumedCountsToTheEnd() {
        at(100, () -> recorder.nemesis("kill", List.of("strike")));
        at(150, () -> recorder.nemesis("kill", List.of("struck", "n1")));
        at(9_100, () -> recorder.invoke(1, "write", List.of("k", "v")));
        Verdict verdict = new Verdict(Verdict.Outcome.VALID, List.of(), Counts.NONE, Map.of(), List.of());
        RunSummary summary = RunSummary.of(recorder.history(), verdict);
        assertEquals(9_000L, summary.figures().get("resumed.kill.max.millis"));
    }

    @Test
    void severalWorkloadsOfARunAreOneRowWithTheWorstOfAll() {
        Verdict good = new Verdict(
                Verdict.Outcome.VALID, List.of(), new Counts(10, 9, 0, 1), Map.of("agreement.millis", 5L), List.of());
        Verdict undecided = new Verdict(
                Verdict.Outcome.UNKNOWN,
                List.of(),
                new Counts(10, 10, 0, 0),
                Map.of("agreement.millis", 7L),
                List.of("why"));
        RunSummary together = RunSummary.together(
                "all", List.of(RunSummary.of(recorder.history(), good), RunSummary.of(recorder.history(), undecided)));
        assertEquals(Verdict.Outcome.UNKNOWN, together.outcome());
        assertEquals(7L, together.figures().get("agreement.millis"));
        assertEquals(List.of("why"), together.notes());
        assertEquals("all: unknown, 20 operations: 19 done, 0 not done, 1 unclear (5.0 %)", together.line());
    }
}
