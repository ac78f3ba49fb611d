package io.tidemark.raft.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidemark.raft.guard.RaftFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RetentionGraceTest {
    private static final Duration HOLD = Duration.ofSeconds(10);

    private static final long ALL = Long.MAX_VALUE;

    private final AtomicLong now = new AtomicLong();
    private final RetentionGrace grace =
            new RetentionGrace(new RetentionGrace.Limits(HOLD, HOLD.multipliedBy(6), 100, 50), now::get);

    @Test
    void l2_aShippedFileStaysForANodeThatBeginsAgainAtTheMark() {
        assertEquals(-1, grace.mayGo(List.of(file(0, 9, 40), file(10, 19, 40)), 15, ALL));
        pass(9);
        assertEquals(-1, grace.mayGo(List.of(file(0, 9, 40), file(10, 19, 40)), 30, ALL));
        pass(1);
        assertEquals(9, grace.mayGo(List.of(file(0, 9, 40), file(10, 19, 40)), 30, ALL));
        pass(9);
        assertEquals(19, grace.mayGo(List.of(file(10, 19, 40)), 30, ALL));
    }

    @Test
    void theGraceIsBoundedInBytes() {
        List<RaftFiles.Segment> files = List.of(file(0, 9, 40), file(10, 19, 40), file(20, 29, 40), file(30, 39, 40));
        assertEquals(9, grace.mayGo(files, 30, ALL), "three files are above the bound by one");
    }

    @Test
    void theGraceIsBoundedInEntries() {
        assertEquals(29, grace.mayGo(List.of(file(0, 29, 1), file(30, 59, 1)), 70, ALL));
    }

    @Test
    void aFileThatAFollowerNeedsStaysLonger() {
        List<RaftFiles.Segment> files = List.of(file(0, 9, 40), file(10, 19, 40));
        assertEquals(-1, grace.mayGo(files, 30, 12));
        pass(11);
        assertEquals(9, grace.mayGo(files, 30, 12));
        pass(50);
        assertEquals(19, grace.mayGo(files, 30, 12));
    }

    @Test
    void whatIsNotShippedNeverGoes() {
        assertEquals(-1, grace.mayGo(List.of(file(0, 9, 400)), 8, ALL));
        pass(100);
        assertEquals(-1, grace.mayGo(List.of(file(0, 9, 400)), 8, ALL));
        assertEquals(-1, grace.mayGo(List.of(), 8, ALL));
    }

    private void pass(long seconds) {
        now.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }

    private static RaftFiles.Segment file(long first, long last, long bytes) {
        return new RaftFiles.Segment(first, last, bytes, Path.of("log_" + first + "-" + last));
    }
}
