package io.tidemark.raft.guard;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.io.RealDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that Ratis wrote, cut and damaged in every way that it reads over without a word. */
class LogCheckTest {
    private static final int PREALLOCATED = 4096;
    private static final long LAST_CLOSED = 19;
    private static final long LAST = 39;

    @TempDir
    Path dir;

    private RatisLog log;
    private List<Long> closedEnds;
    private List<Long> openEnds;
    private Path closed;
    private Path open;

    @BeforeEach
    void write() throws IOException {
        log = new RatisLog(dir);
        closedEnds = log.write("log_0-19", 1, 0, LAST_CLOSED, PREALLOCATED);
        openEnds = log.write("log_inprogress_20", 2, LAST_CLOSED + 1, LAST, PREALLOCATED);
        closed = log.current.resolve("log_0-19");
        open = log.current.resolve("log_inprogress_20");
        Files.write(open, Arrays.copyOf(Files.readAllBytes(open), PREALLOCATED));
        tail().raise(2, LAST, false);
    }

    private DurableTail tail() {
        DurableTail tail = new DurableTail(new RealDisk(), dir);
        tail.read();
        return tail;
    }

    private void check(long applied, long letGo) {
        new LogCheck(log.files, tail(), dir.resolve("aside"), RatisLog.ENTRY_BYTES_MAX).check(applied, letGo);
    }

    private UnfitException refused(long applied) {
        return assertThrows(UnfitException.class, () -> check(applied, -1));
    }

    @Test
    void aSoundLogIsFit() throws IOException {
        byte[] before = Files.readAllBytes(open);
        check(LAST, 5);
        check(-1, -1);
        assertEquals(before.length, Files.size(open));
    }

    @Test
    void l5_aLogCutAtAnEntryBoundaryIsNoticed() throws IOException {
        everyCut(closed, closedEnds, LAST_CLOSED);
        everyCut(open, openEnds, LAST);
    }

    /** Cut to length, and with zeros where the entries were. */
    private void everyCut(Path file, List<Long> ends, long last) throws IOException {
        byte[] sound = Files.readAllBytes(file);
        for (long end : ends.subList(0, ends.size() - 1)) {
            for (int length : new int[] {(int) end, sound.length}) {
                Files.write(file, Arrays.copyOf(Arrays.copyOf(sound, (int) end), length));
                UnfitException named = refused(-1);
                String path =
                        file == closed ? closed.toString() : log.files.root().toString();
                assertTrue(named.getMessage().contains(path), named.getMessage());
            }
        }
        Files.write(file, sound);
        assertDoesNotThrow(() -> check(last, -1));
    }

    @Test
    void l5_noFlippedBitShortensTheLogWithoutAWord() throws IOException {
        int silentClosed = everyFlip(closed, closedEnds);
        int silentPadded = everyFlip(open, openEnds);
        int used = openEnds.get(openEnds.size() - 1).intValue();
        Files.write(open, Arrays.copyOf(Files.readAllBytes(open), used)); // as a clean stop leaves it
        int silentOpen = everyFlip(open, openEnds);
        assertTrue(
                silentClosed > 0 && silentOpen > 0,
                "Ratis reads over some: " + silentClosed + ", " + silentPadded + ", " + silentOpen);
    }

    /** Counts the flips that Ratis says nothing of. */
    private int everyFlip(Path file, List<Long> ends) throws IOException {
        byte[] sound = Files.readAllBytes(file);
        int bits = 8 * ends.get(ends.size() - 1).intValue();
        int silent = 0;
        for (int bit = 0; bit < bits; bit++) {
            byte[] damaged = sound.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file, damaged);
            int entries = bit < 64 ? -1 : RatisLog.entriesToRatis(file); // it names a damaged header, at length
            silent += entries >= 0 && entries < ends.size() - 1 ? 1 : 0;
            refused(-1);
        }
        Files.write(file, sound);
        return silent;
    }

    @Test
    void l5_aMissingFileIsNoticed() throws IOException {
        log.write("log_40-59", 2, 40, 59, PREALLOCATED);
        Files.delete(open);
        assertTrue(refused(-1).getMessage().contains("between 19 and 40"));
        Files.delete(log.current.resolve("log_40-59"));
        assertTrue(refused(-1).getMessage().contains("synced up to 39"));
        Files.delete(closed);
        assertTrue(refused(LAST - 1).getMessage().contains("is empty"));
        assertDoesNotThrow(() -> check(LAST, -1), "the engine has it all");
    }

    @Test
    void l5_theEnginesLastEntryIsAnotherBound() throws IOException {
        assertTrue(refused(LAST + 1).getMessage().contains("applied entries up to 40"));
        DurableTail ahead = tail();
        ahead.engineGoesAhead();
        assertDoesNotThrow(() -> check(LAST + 100, -1), "the engine went on by S3");
    }

    @Test
    void l5_anEntryOfAnotherTermIsAnotherLog() throws IOException {
        log.write("log_inprogress_20", 3, LAST_CLOSED + 1, LAST, PREALLOCATED);
        assertTrue(refused(-1).getMessage().contains("of term 3"));
    }

    @Test
    void r13_whateverAPurgeLeftIsCompleted() throws IOException {
        Files.delete(open);
        log.write("log_20-29", 2, 20, 29, PREALLOCATED);
        log.write("log_30-39", 2, 30, 39, PREALLOCATED);
        log.write("log_inprogress_40", 2, 40, 45, PREALLOCATED);
        Files.delete(log.current.resolve("log_30-39"));
        assertThrows(UnfitException.class, () -> check(45, 38), "not all of it may go");
        check(45, 39);
        assertEquals(40, log.files.firstIndex().getAsLong());
        check(45, 39);
    }

    @Test
    void l5_aCutThatACrashLeftHalfMadeIsCompleted() throws IOException {
        Files.delete(open);
        log.write("log_20-29", 2, 20, 29, PREALLOCATED);
        log.write("log_inprogress_30", 2, 30, 39, PREALLOCATED);
        tail().cutting(1, 9);
        // Ratis unlinks the files past the cut first to last, then cuts, then renames.
        Files.delete(log.current.resolve("log_20-29"));
        check(9, -1);
        assertEquals(List.of(closed), log.files.inOrder());
        Files.write(
                closed,
                Arrays.copyOf(Files.readAllBytes(closed), closedEnds.get(10).intValue()));
        check(9, -1);
        assertEquals(List.of(log.current.resolve("log_0-9")), log.files.inOrder());
    }

    @Test
    void l2_aLogThatWasBeingPutAwayGoesWhole() throws IOException {
        tail().puttingAway();
        Files.delete(closed);
        check(100, 100);
        assertTrue(log.files.firstIndex().isEmpty());
        log.write("log_inprogress_101", 4, 101, 103, PREALLOCATED);
        check(101, 100);
        assertEquals(101, log.files.firstIndex().getAsLong());
    }
}
