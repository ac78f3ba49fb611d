package io.tidemark.engine.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.CrashMode;
import io.tidemark.engine.io.DiskFile;
import io.tidemark.engine.io.SimulatedDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FileWriteAheadLogTest {
    static final Path WAL = Path.of("/store/wal");
    private static final byte[] NOTHING = new byte[0];

    private final SimulatedDisk disk = new SimulatedDisk();

    private static FileWriteAheadLog log(SimulatedDisk disk) {
        return new FileWriteAheadLog(disk, WAL, 4096, Halt.THROW);
    }

    /** A log of a store whose table is empty. */
    private static FileWriteAheadLog open(SimulatedDisk disk, List<WalBlock> blocks) {
        FileWriteAheadLog log = log(disk);
        log.recover(0, -1, 0, 0, -1, blocks::add);
        return log;
    }

    private static FileWriteAheadLog open(SimulatedDisk disk) {
        return open(disk, new ArrayList<>());
    }

    private static byte[] redo(long lsn, int length) {
        byte[] bytes = new byte[length];
        new Random(lsn).nextBytes(bytes);
        return bytes;
    }

    private static void append(FileWriteAheadLog log, long from, long to, int length) {
        for (long lsn = from; lsn <= to; lsn++) {
            log.append(lsn, 1, redo(lsn, length), 0, length);
        }
    }

    private static SimulatedDisk powerCut(SimulatedDisk disk) {
        return disk.crashImage(CrashMode.NONE, new Random(0));
    }

    private static void assertCorrupt(SimulatedDisk disk, String... words) {
        TidemarkException e = assertThrows(TidemarkException.class, () -> open(disk));
        assertEquals(ErrorKind.CORRUPT, e.kind(), e.getMessage());
        for (String word : words) {
            assertTrue(e.getMessage().contains(word), e.getMessage());
        }
    }

    @Test
    void whatWasAppendedIsReadBackInOrder() {
        FileWriteAheadLog log = open(disk);
        append(log, 0, 40, 300);
        log.sync();
        log.close();
        List<Long> lsns = new ArrayList<>();
        FileWriteAheadLog again = log(disk);
        again.recover(7, -1, 0, 0, 40, block -> {
            lsns.add(block.lsn());
            assertEquals(ByteBuffer.wrap(redo(block.lsn(), 300)), block.redo());
            assertEquals(log.chainAt(block.lsn()), OptionalLong.of(block.chain()));
        });
        assertEquals(34, lsns.size());
        assertEquals(7, lsns.get(0));
        assertEquals(40, again.lastLsn());
        assertEquals(log.lastChain(), again.lastChain());
        assertEquals(log.appendedBytes(), again.appendedBytes());
    }

    @Test
    void m2_syncedMeansBytesAndNames() {
        FileWriteAheadLog log = open(disk);
        append(log, 0, 30, 300);
        assertEquals(-1, log.syncedLsn());
        assertEquals(-1, open(powerCut(disk)).lastLsn());
        assertEquals(30, log.sync());
        append(log, 31, 60, 300);
        assertEquals(30, log.syncedLsn());
        FileWriteAheadLog after = open(powerCut(disk));
        assertEquals(30, after.lastLsn());
        assertEquals(30, after.syncedLsn());
    }

    @Test
    void m2_whatADeadProcessLeftInThePageCacheIsSyncedBeforeItCountsAsDurable() {
        FileWriteAheadLog log = open(disk);
        append(log, 0, 30, 300);
        log.writeOut();
        // The process dies, the machine does not.
        assertEquals(30, open(disk).syncedLsn());
        assertEquals(30, open(powerCut(disk)).lastLsn());
    }

    @Test
    void whatWasNotWrittenOutGoesWithTheProcess() {
        FileWriteAheadLog log = open(disk);
        append(log, 0, 3, 100);
        assertEquals(3, log.sync());
        append(log, 4, 6, 100);
        assertEquals(3, open(disk).lastLsn(), "its owner has the entries and delivers them again");
    }

    @Test
    void w1_aBlockThatDoesNotContinueTheChainIsTheEnd() throws IOException {
        // Two logs part after LSN 2; the longer one's tail stands behind the shorter one's last block.
        SimulatedDisk other = new SimulatedDisk();
        FileWriteAheadLog longer = open(other);
        append(longer, 0, 9, 100);
        longer.sync();
        FileWriteAheadLog log = open(disk);
        append(log, 0, 2, 100);
        log.append(3, 2, redo(77, 100), 0, 100);
        log.sync();
        try (DiskFile from = other.open(WAL.resolve(WalFormat.fileName(0)));
                DiskFile to = disk.open(WAL.resolve(WalFormat.fileName(0)))) {
            ByteBuffer tail = ByteBuffer.allocate((int) (from.size() - to.size()));
            from.read(tail, to.size());
            to.write(tail.flip(), to.size());
            to.sync();
        }
        FileWriteAheadLog after = open(disk);
        assertEquals(3, after.lastLsn());
        assertEquals(log.lastChain(), after.lastChain());
        after.append(4, 2, NOTHING, 0, 0);
        after.sync();
        assertEquals(4, open(powerCut(disk)).lastLsn());
    }

    @Test
    void roomForTheNextBlocksIsNoBlockAndGoesWithTheFile() throws IOException {
        FileWriteAheadLog log = open(disk);
        append(log, 0, 2, 100);
        log.sync();
        Path file = WAL.resolve(WalFormat.fileName(0));
        assertTrue(size(disk, file) > endOf(3), "written ahead");
        assertEquals(2, open(powerCut(disk)).lastLsn());
        append(log, 3, 28, 100);
        assertEquals(endOf(27), size(disk, file));
        log.sync();
        append(log, 29, 29, 100);
        Path next = WAL.resolve(WalFormat.fileName(27));
        assertTrue(size(disk, next) > endOf(3), "written ahead");
        log.closeCleanly();
        assertEquals(endOf(3) + WalFormat.BLOCK_HEADER_BYTES, size(disk, next));
    }

    @Test
    void w1_aRecoveryThatIsCutOffFindsTheSameEndAgain() throws IOException {
        FileWriteAheadLog log = open(disk);
        append(log, 0, 26, 100);
        log.sync();
        append(log, 27, 30, 100);
        // The end of the first file was not written yet when the power went: its zeros are still there.
        try (DiskFile first = disk.open(WAL.resolve(WalFormat.fileName(0)))) {
            first.write(ByteBuffer.allocate(500), endOf(27));
        }
        SimulatedDisk found = disk.crashImage(CrashMode.ALL, new Random(0));
        assertEquals(26, open(found.crashImage(CrashMode.ALL, new Random(0))).lastLsn());
        found.beforeOperation(operation -> {
            for (CrashMode mode : CrashMode.values()) {
                SimulatedDisk cutOff = found.crashImage(mode, new Random(operation));
                assertEquals(26, open(cutOff).lastLsn(), mode + " before operation " + operation);
            }
        });
        assertEquals(26, open(found).lastLsn());
    }

    /** Where the first file ends after so many blocks with 100 bytes of redo. */
    private static long endOf(int blocks) {
        return WalFormat.FILE_HEADER_BYTES + blocks * (WalFormat.BLOCK_HEADER_BYTES + 100L);
    }

    private static long size(SimulatedDisk disk, Path file) throws IOException {
        try (DiskFile open = disk.open(file)) {
            return open.size();
        }
    }

    @Test
    void w1_theCutIsDurableBeforeTheFirstAppend() throws IOException {
        FileWriteAheadLog log = open(disk);
        append(log, 0, 2, 100);
        log.sync();
        Path file = WAL.resolve(WalFormat.fileName(0));
        long whole = endOf(3);
        try (DiskFile open = disk.open(file)) {
            open.write(ByteBuffer.wrap(redo(5, 333)), whole);
            open.sync();
        }
        assertEquals(2, open(disk).lastLsn());
        try (DiskFile open = powerCut(disk).open(file)) {
            assertEquals(whole, open.size());
        }
    }

    @Test
    void w2_aBadBlockAtOrBelowAKnownSyncedLsnIsDamage() {
        FileWriteAheadLog log = open(disk);
        append(log, 0, 4, 100);
        log.sync();
        append(log, 5, 6, 100);
        log.writeOut();
        disk.flipBit(WAL.resolve(WalFormat.fileName(0)), WalFormat.FILE_HEADER_BYTES + 4 * 148 + 60, 3);
        assertCorrupt(disk.crashImage(CrashMode.ALL, new Random(0)), "synced through LSN 4", "ends at 3", "offset 656");
    }

    @Test
    void w2_aBadBlockPastTheKnownSyncedLsnIsATear() {
        FileWriteAheadLog log = open(disk);
        append(log, 0, 4, 100);
        log.sync();
        append(log, 5, 8, 100);
        disk.flipBit(WAL.resolve(WalFormat.fileName(0)), WalFormat.FILE_HEADER_BYTES + 5 * 148 + 60, 3);
        assertEquals(4, open(disk.crashImage(CrashMode.ALL, new Random(0))).lastLsn());
    }

    @Test
    void w2_aLogThatEndsBelowAPageOrACheckpointIsDamage() {
        FileWriteAheadLog log = open(disk);
        append(log, 0, 4, 100);
        log.sync();
        log.close();
        for (long[] pageAndCheckpoint : new long[][] {{5, -1}, {3, 5}}) {
            TidemarkException e = assertThrows(
                    TidemarkException.class,
                    () -> log(disk).recover(0, pageAndCheckpoint[1], 1, 0, pageAndCheckpoint[0], block -> {}));
            assertEquals(ErrorKind.CORRUPT, e.kind());
            assertTrue(e.getMessage().contains("LSN 5 but it ends at 4"), e.getMessage());
        }
    }

    @Test
    void w2_aFileThatIsGoneIsDamageWhenItWasSynced() throws IOException {
        FileWriteAheadLog log = open(disk);
        append(log, 0, 20, 300);
        log.sync();
        append(log, 21, 40, 300);
        log.sync();
        for (String gone : disk.list(WAL).subList(0, 2)) {
            SimulatedDisk damaged = powerCut(disk);
            damaged.delete(WAL.resolve(gone));
            assertCorrupt(damaged, "it was synced through LSN 20");
        }
    }

    @Test
    void w2_aLogThatBeginsPastTheRedoStartIsDamage() {
        FileWriteAheadLog log = open(disk);
        append(log, 0, 40, 300);
        log.sync();
        log.truncateBelow(30);
        TidemarkException e = assertThrows(
                TidemarkException.class, () -> log(disk).recover(8, 40, 1, log.lastChain(), 40, block -> {}));
        assertEquals(ErrorKind.CORRUPT, e.kind());
        assertTrue(e.getMessage().contains("redo begins at LSN 8"), e.getMessage());
    }

    @Test
    void w1_afterNamesWereLostThatWereNeverSyncedTheLogBeginsAnew() throws IOException {
        FileWriteAheadLog log = open(disk);
        append(log, 0, 40, 300);
        SimulatedDisk crashed = disk.crashImage(CrashMode.ALL, new Random(0));
        crashed.delete(WAL.resolve(WalFormat.fileName(0)));
        FileWriteAheadLog again = open(crashed);
        assertEquals(-1, again.lastLsn());
        append(again, 0, 40, 300);
        again.sync();
        assertEquals(40, open(powerCut(crashed)).lastLsn());
    }

    @Test
    void w2_afterACleanCloseEveryFlippedByteIsFoundOrHarmless() throws IOException {
        FileWriteAheadLog log = open(disk);
        append(log, 0, 30, 300);
        log.closeCleanly();
        int found = 0;
        int harmless = 0;
        for (String name : disk.list(WAL)) {
            long size;
            try (DiskFile file = disk.open(WAL.resolve(name))) {
                size = file.size();
            }
            for (long at = 0; at < size; at++) {
                SimulatedDisk flipped = powerCut(disk);
                flipped.flipBit(WAL.resolve(name), at, (int) (at % 8));
                try {
                    FileWriteAheadLog after = open(flipped);
                    assertEquals(30, after.lastLsn(), name + " byte " + at);
                    assertEquals(log.lastChain(), after.lastChain());
                    harmless++;
                } catch (TidemarkException e) {
                    assertEquals(ErrorKind.CORRUPT, e.kind());
                    found++;
                }
            }
        }
        // Only the end mark itself can go without loss.
        assertEquals(WalFormat.BLOCK_HEADER_BYTES, harmless);
        assertTrue(found > 10_000);
    }

    @Test
    void w2_aWholeBlockOfThisLogInsideAValueIsNoEvidence() throws IOException {
        FileWriteAheadLog log = open(disk);
        append(log, 0, 3, 100);
        log.sync();
        append(log, 4, 4, 100);
        ByteBuffer file = ByteBuffer.allocate((int) endOf(5));
        try (DiskFile open = disk.open(WAL.resolve(WalFormat.fileName(0)))) {
            open.read(file, 0);
        }
        SimulatedDisk crashed = powerCut(disk);
        FileWriteAheadLog again = open(crashed);
        assertEquals(3, again.lastLsn());
        // Its redo holds a block that says "synced through 3"; then its own header is torn.
        again.append(4, 1, file.array(), 0, file.position());
        crashed.flipBit(WAL.resolve(WalFormat.fileName(0)), WalFormat.FILE_HEADER_BYTES + 4 * 148 + 17, 0);
        assertEquals(3, open(crashed).lastLsn());
    }

    @Test
    void w3_theChainCoversLsnAndRedoAndNothingLocal() {
        FileWriteAheadLog log = open(disk);
        FileWriteAheadLog other = new FileWriteAheadLog(new SimulatedDisk(), WAL, 1 << 20, Halt.THROW);
        other.recover(0, -1, 0, 0, -1, block -> {});
        for (long lsn = 0; lsn < 50; lsn++) {
            byte[] redo = redo(lsn, (int) lsn * 7);
            log.append(lsn, 1, redo, 0, redo.length);
            other.append(lsn, 9, redo, 0, redo.length);
            other.sync();
        }
        assertEquals(log.lastChain(), other.lastChain());
        long before = log.lastChain();
        // SHA-256 as anybody else computes it.
        byte[] redo = redo(50, 20);
        long chain = log.append(50, 1, redo, 0, 20);
        assertEquals(reference(before, 50, redo), chain);
    }

    private static long reference(long before, long lsn, byte[] redo) {
        try {
            var sha256 = java.security.MessageDigest.getInstance("SHA-256");
            return ByteBuffer.wrap(sha256.digest(ByteBuffer.allocate(16 + redo.length)
                            .putLong(before)
                            .putLong(lsn)
                            .put(redo)
                            .array()))
                    .getLong();
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void w3_chainValuesSurviveTruncationAndRestartUntilForgotten() throws IOException {
        FileWriteAheadLog log = open(disk);
        append(log, 0, 99, 300);
        log.sync();
        log.forgetChainsBelow(15);
        log.truncateBelow(80);
        long oldest = log.chainAt(15).orElseThrow();
        assertTrue(log.chainAt(14).isEmpty());
        SimulatedDisk after = powerCut(disk);
        FileWriteAheadLog again = log(after);
        again.recover(80, 90, 1, log.chainAt(90).orElseThrow(), 90, block -> {});
        for (long lsn = 15; lsn <= 99; lsn++) {
            assertEquals(log.chainAt(lsn), again.chainAt(lsn), "LSN " + lsn);
        }
        assertEquals(OptionalLong.of(oldest), again.chainAt(15));
        again.forgetChainsBelow(70);
        again.truncateBelow(80);
        assertEquals(
                1,
                after.list(WAL).stream()
                        .filter(name -> name.endsWith(".chains"))
                        .count());
        assertTrue(again.chainAt(69).isEmpty());
        assertTrue(again.chainAt(70).isPresent());
    }

    @Test
    void w3_whereNobodyComparesThemChainValuesGoWithTheirFiles() throws IOException {
        FileWriteAheadLog before = open(disk);
        append(before, 0, 99, 300);
        before.sync();
        before.truncateBelow(50);
        before.close();
        assertTrue(chainFiles() > 0);
        for (boolean gaps : new boolean[] {false, true}) {
            long last = before.lastLsn();
            FileWriteAheadLog log = new FileWriteAheadLog(disk, WAL, 4096, gaps, false, Halt.THROW);
            log.recover(last + 1, last, 1, before.lastChain(), last, block -> {});
            assertEquals(0, chainFiles());
            for (long lsn = last + 1; lsn <= last + 900; lsn += 100) {
                append(log, lsn, lsn + 99, 300);
                log.sync();
                log.truncateBelow(lsn + 90);
                assertEquals(OptionalLong.of(log.lastChain()), log.chainAt(lsn + 99));
                assertTrue(chainsKept(log) < 30, chainsKept(log) + " chain values are kept");
            }
            assertEquals(0, chainFiles());
            log.close();
            before = log;
        }
    }

    private long chainFiles() throws IOException {
        return disk.list(WAL).stream().filter(name -> name.endsWith(".chains")).count();
    }

    private static long chainsKept(FileWriteAheadLog log) {
        return LongStream.rangeClosed(-1, log.lastLsn())
                .filter(lsn -> log.chainAt(lsn).isPresent())
                .count();
    }

    @Test
    void m2_noFileGoesWhileTheOneThatContinuesItIsNotSynced() throws IOException {
        FileWriteAheadLog log = open(disk);
        append(log, 0, 8, 300);
        log.sync();
        append(log, 9, 60, 300);
        log.truncateBelow(50);
        assertEquals(8, open(powerCut(disk)).lastLsn());
        log.sync();
        log.truncateBelow(50);
        assertTrue(disk.list(WAL).stream().noneMatch(name -> name.equals(WalFormat.fileName(0))));
    }

    @Test
    void w3_aDamagedChainFileMakesValuesUnknownAndNothingWrong() throws IOException {
        FileWriteAheadLog log = open(disk);
        append(log, 0, 99, 300);
        log.sync();
        log.truncateBelow(80);
        String file = disk.list(WAL).get(2);
        disk.flipBit(WAL.resolve(file), 40, 1);
        FileWriteAheadLog again = log(disk);
        again.recover(80, 90, 1, log.chainAt(90).orElseThrow(), 90, block -> {});
        assertTrue(again.chainAt(0).isEmpty());
        assertEquals(log.chainAt(70), again.chainAt(70));
    }

    @Test
    void m4_anEmptyBlockMovesLsnTermAndChain() {
        FileWriteAheadLog log = open(disk);
        long first = log.append(0, 3, NOTHING, 0, 0);
        long second = log.append(1, 4, NOTHING, 0, 0);
        assertTrue(first != second);
        log.sync();
        FileWriteAheadLog again = open(powerCut(disk));
        assertEquals(List.of(1L, 4L, second), List.of(again.lastLsn(), again.lastTerm(), again.lastChain()));
    }

    @Test
    void e3_aBlockMayExceedAFilesNominalSize() {
        FileWriteAheadLog log = open(disk);
        append(log, 0, 2, 100);
        append(log, 3, 3, 300_000);
        append(log, 4, 5, 100);
        log.sync();
        List<WalBlock> blocks = new ArrayList<>();
        assertEquals(log.lastChain(), open(powerCut(disk), blocks).lastChain());
        assertEquals(6, blocks.size());
    }

    @Test
    void anLsnThatDoesNotFollowHalts() {
        FileWriteAheadLog log = open(disk);
        append(log, 0, 2, 100);
        for (long lsn : new long[] {2, 4}) {
            TidemarkException e = assertThrows(TidemarkException.class, () -> log.append(lsn, 1, NOTHING, 0, 0));
            assertEquals(ErrorKind.FATAL, e.kind());
            assertTrue(e.getMessage().contains("ends at LSN 2; LSN " + lsn), e.getMessage());
        }
    }

    @Test
    void aFailedSyncIsFinal() {
        FileWriteAheadLog log = open(disk);
        append(log, 0, 2, 100);
        disk.failNext(SimulatedDisk.Failing.SYNC, ".wal");
        assertEquals(
                ErrorKind.FATAL,
                assertThrows(TidemarkException.class, log::sync).kind());
        // The kernel would call the next sync a success.
        assertEquals(
                ErrorKind.FATAL,
                assertThrows(TidemarkException.class, log::sync).kind());
        assertEquals(-1, log.syncedLsn());
        assertThrows(TidemarkException.class, () -> log.append(3, 1, NOTHING, 0, 0));
    }

    @Test
    void aFullDiskHaltsAndLosesNothing() {
        FileWriteAheadLog log = open(disk);
        append(log, 0, 4, 100);
        log.sync();
        disk.capacity(1_000);
        // There is room behind the last block for some more, but not for these.
        TidemarkException e = assertThrows(TidemarkException.class, () -> {
            append(log, 5, 50, 100);
            log.writeOut();
        });
        assertTrue(e.getMessage().contains("No space left"), e.getMessage());
        disk.capacity(1 << 20);
        assertTrue(open(disk).lastLsn() >= 4);
    }

    @Test
    void aCleanStartSyncsNothingAndGoesOn() {
        FileWriteAheadLog log = open(disk);
        append(log, 0, 10, 300);
        log.closeCleanly();
        long before = disk.operations();
        FileWriteAheadLog again = open(disk);
        again.closeCleanly();
        assertEquals(before, disk.operations());
        FileWriteAheadLog third = open(disk);
        append(third, 11, 20, 300);
        third.closeCleanly();
        assertEquals(20, open(powerCut(disk)).lastLsn());
    }

    @Test
    void aFileOfNothingButACleanEndTakesTheNextBlockWhateverItsSize() throws IOException {
        FileWriteAheadLog log = open(disk);
        append(log, 0, 2, 1000);
        append(log, 3, 3, 2000);
        log.writeOut();
        // Torn when the new file had its name and header, before its block.
        SimulatedDisk torn = disk.crashImage(CrashMode.ALL, new Random(0));
        try (DiskFile file = torn.open(WAL.resolve(WalFormat.fileName(3)))) {
            file.truncate(WalFormat.FILE_HEADER_BYTES);
        }
        FileWriteAheadLog second = open(torn);
        assertEquals(2, second.lastLsn());
        second.closeCleanly();
        FileWriteAheadLog third = open(torn);
        append(third, 3, 3, 8000);
        third.sync();
        assertEquals(third.lastChain(), open(powerCut(torn)).lastChain());
    }

    @Test
    void w3_aChainFileTornInAnEarlierLifeHidesNoWholeOneBesideIt() throws IOException {
        FileWriteAheadLog log = open(disk);
        append(log, 0, 30, 300);
        log.sync();
        log.truncateBelow(30);
        String newest = disk.list(WAL).stream()
                .filter(name -> name.endsWith(".chains"))
                .reduce((first, second) -> second)
                .orElseThrow();
        long within = ChainFile.firstLsn(newest).orElseThrow() + 2;
        disk.open(ChainFile.path(WAL, within));
        FileWriteAheadLog again = log(disk);
        again.recover(30, 30, 1, log.lastChain(), 30, block -> {});
        for (long lsn = 0; lsn <= 30; lsn++) {
            assertEquals(log.chainAt(lsn), again.chainAt(lsn), "LSN " + lsn);
        }
    }
}
