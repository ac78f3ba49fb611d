package io.tidemark.raft.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.LogEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that Ratis wrote, read and not changed. */
class NodeLogTest {
    @TempDir
    Path dir;

    private RatisLog log;
    private List<Long> openEnds;

    @BeforeEach
    void write() {
        log = new RatisLog(dir);
        log.write("log_5-19", 1, 5, 19, 4096);
        openEnds = log.write("log_inprogress_20", 2, 20, 39, 4096);
    }

    private List<LogEntry> after(long lsn, long term) {
        List<LogEntry> entries = new ArrayList<>();
        new NodeLog(dir, "history", RatisLog.GROUP).forEachAfter(lsn, term, entries::add);
        return entries;
    }

    private static void assertRange(long first, long last, List<LogEntry> found) {
        assertEquals(
                LongStream.rangeClosed(first, last).boxed().toList(),
                found.stream().map(LogEntry::lsn).toList());
    }

    @Test
    void l9_allEntriesAboveAnLsnAreHandedOut() {
        assertRange(5, 39, after(4, 0));
        assertRange(19, 39, after(18, 1));
        assertRange(20, 39, after(19, 1));
        assertRange(40, 39, after(39, 2));
        LogEntry last = after(38, 2).get(0);
        assertEquals(2, last.term());
        assertEquals(20, last.payload().length);
    }

    @Test
    void l9_aLogThatLostAgainstWhatS3HasGivesNothing() {
        assertRange(1, 0, after(25, 3));
        assertRange(1, 0, after(19, 2));
    }

    @Test
    void l9_whatCannotBeReadEndsItAndNothingIsChanged() throws IOException {
        Path open = log.current.resolve("log_inprogress_20");
        byte[] cut = Arrays.copyOf(Files.readAllBytes(open), openEnds.get(7).intValue() + 3);
        Files.write(open, cut);
        assertRange(10, 26, after(9, 1));
        assertEquals(cut.length, Files.size(open));
        Path closed = log.current.resolve("log_5-19");
        byte[] damaged = Files.readAllBytes(closed);
        damaged[60] ^= 1;
        Files.write(closed, damaged);
        assertTrue(after(4, 0).size() < 15, "nothing behind the damage");
        Files.delete(closed);
        TidemarkException gap = assertThrows(TidemarkException.class, () -> after(9, 1));
        assertTrue(gap.getMessage().contains("begins at 20"), gap.getMessage());
    }
}
