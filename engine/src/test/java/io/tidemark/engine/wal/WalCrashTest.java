package io.tidemark.engine.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.Halt;
import io.tidemark.engine.io.CrashMode;
import io.tidemark.engine.io.SimulatedCrash;
import io.tidemark.engine.io.SimulatedDisk;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The log cut off before every operation on its disk, keeping nothing, all or a random part of what was unsynced. What
 * comes back is a prefix of what was appended, at least to the last sync; what is appended then is never followed by
 * anything older.
 */
class WalCrashTest {
    private static final Path WAL = Path.of("/store/wal");
    private static final int SEEDS = 14;
    private static final int STEPS = 60;
    private static final List<CrashMode> MODES = List.of(CrashMode.values());

    private long images;

    /** What the test knows while it runs: every block appended, what was promised, what the table says. */
    private static final class Model {
        final List<byte[]> redo = new ArrayList<>();
        final List<Long> chains = new ArrayList<>();
        long synced = -1;
        WalRecovery.Known known = new WalRecovery.Known(0, -1, 0, 0, -1);
        long forgotten = -1;
    }

    @Test
    void everyCrashKeepsAPrefixThatHoldsWhatWasSynced() {
        for (int seed = 0; seed < SEEDS; seed++) {
            run(new Random(seed), "seed " + seed);
        }
        assertTrue(images > 5_000, images + " images");
    }

    private void run(Random random, String name) {
        SimulatedDisk disk = new SimulatedDisk();
        Model model = new Model();
        Random imagesOf = new Random(random.nextLong());
        disk.beforeOperation(operation -> {
            for (CrashMode mode : CrashMode.values()) {
                check(disk.crashImage(mode, imagesOf), model, imagesOf, name + " operation " + operation + " " + mode);
            }
        });
        FileWriteAheadLog log = new FileWriteAheadLog(disk, WAL, 4096, Halt.THROW);
        recover(log, model.known, new ArrayList<>());
        for (int step = 0; step < STEPS; step++) {
            step(log, model, random);
        }
        log.closeCleanly();
        model.synced = model.redo.size() - 1L;
        check(disk.crashImage(CrashMode.NONE, imagesOf), model, imagesOf, name + " after its close");
    }

    private static void step(FileWriteAheadLog log, Model model, Random random) {
        long lsn = model.redo.size();
        switch (random.nextInt(12)) {
            case 0, 1 -> model.synced = log.sync();
            case 2 -> {
                model.synced = log.sync();
                if (model.synced >= 0) {
                    long from = Math.max(model.known.from(), model.synced - random.nextInt(5));
                    model.known = new WalRecovery.Known(
                            from, model.synced, log.lastTerm(), log.lastChain(), random.nextLong(model.synced + 1));
                    log.truncateBelow(from);
                }
            }
            case 4 -> log.writeOut();
            case 3 -> {
                model.forgotten = Math.max(model.forgotten, lsn - random.nextInt(40));
                log.forgetChainsBelow(model.forgotten);
            }
            default -> {
                byte[] redo = new byte[random.nextInt(4) == 0 ? random.nextInt(6_000) : random.nextInt(300)];
                random.nextBytes(redo);
                // Known to the model before: a crash inside may keep it whole.
                model.redo.add(redo);
                model.chains.add(chainAfter(model, lsn, redo));
                long chain = log.append(lsn, 1, redo, 0, redo.length);
                assertEquals(model.chains.get((int) lsn), chain);
            }
        }
    }

    private static long chainAfter(Model model, long lsn, byte[] redo) {
        long before = lsn == 0 ? WriteAheadLog.CHAIN_START : model.chains.get((int) lsn - 1);
        return new RedoChain().after(before, lsn, redo, 0, redo.length);
    }

    private void check(SimulatedDisk disk, Model model, Random random, String where) {
        images++;
        if (random.nextInt(4) == 0) {
            disk = crashedInRecovery(disk, model, random);
        }
        List<Long> handedOut = new ArrayList<>();
        FileWriteAheadLog log = new FileWriteAheadLog(disk, WAL, 4096, Halt.THROW);
        recover(log, model.known, handedOut, model);
        long last = log.lastLsn();
        assertTrue(last >= model.synced, where + ": ends at " + last + ", synced " + model.synced);
        assertTrue(last < model.redo.size(), where);
        assertEquals(Math.max(0, last - model.known.from() + 1), handedOut.size(), where);
        long chain = last < 0 ? WriteAheadLog.CHAIN_START : model.chains.get((int) last);
        assertEquals(chain, log.lastChain(), where);
        for (long lsn = Math.max(0, Math.min(last, model.forgotten)); lsn <= last; lsn++) {
            assertEquals(model.chains.get((int) lsn), log.chainAt(lsn).orElseThrow(), where + " chain of " + lsn);
        }
        goOnDifferently(disk, log, model, random, where);
    }

    private static SimulatedDisk crashedInRecovery(SimulatedDisk disk, Model model, Random random) {
        disk.crashAt(1 + random.nextInt(5));
        try {
            recover(new FileWriteAheadLog(disk, WAL, 4096, Halt.THROW), model.known, new ArrayList<>());
        } catch (SimulatedCrash expected) {
            assertTrue(disk.crashed());
        }
        return disk.crashImage(CrashMode.RANDOM, random);
    }

    /**
     * Another history from here on; then the process dies, or not, and the power is cut once more. What recovery or a
     * sync promised is there, and nothing of the first history behind it.
     */
    private static void goOnDifferently(
            SimulatedDisk disk, FileWriteAheadLog log, Model model, Random random, String where) {
        long last = log.lastLsn();
        long promised = log.syncedLsn();
        byte[] other = new byte[random.nextInt(400)];
        random.nextBytes(other);
        long chain = log.append(last + 1, 2, other, 0, other.length);
        if (random.nextBoolean()) {
            promised = log.sync();
        }
        log.append(last + 2, 2, other, 0, other.length);
        if (random.nextBoolean()) {
            log.writeOut();
            promised = recoveredInNextProcess(disk, model);
            assertEquals(last + 2, promised, where);
        } else if (random.nextBoolean()) {
            long left = recoveredInNextProcess(disk, model);
            assertTrue(left >= promised, where + ": " + promised + " was promised, " + left + " left by the process");
            promised = left;
        }
        CrashMode mode = MODES.get(random.nextInt(MODES.size()));
        FileWriteAheadLog again = new FileWriteAheadLog(disk.crashImage(mode, random), WAL, 4096, Halt.THROW);
        recover(again, model.known, new ArrayList<>());
        assertTrue(again.lastLsn() >= promised, where + ": " + promised + " was promised after " + last);
        assertTrue(again.lastLsn() <= last + 2, where + ": an old tail came back");
        assertTrue(
                again.lastLsn() <= last || again.chainAt(last + 1).orElseThrow() == chain,
                where + " after going on from " + last);
    }

    private static long recoveredInNextProcess(SimulatedDisk disk, Model model) {
        FileWriteAheadLog next = new FileWriteAheadLog(disk, WAL, 4096, Halt.THROW);
        recover(next, model.known, new ArrayList<>());
        assertEquals(next.lastLsn(), next.syncedLsn());
        return next.lastLsn();
    }

    private static void recover(FileWriteAheadLog log, WalRecovery.Known known, List<Long> handedOut) {
        log.recover(
                known.from(),
                known.checkpointLsn(),
                known.checkpointTerm(),
                known.checkpointChain(),
                known.highestPageLsn(),
                block -> handedOut.add(block.lsn()));
    }

    private static void recover(FileWriteAheadLog log, WalRecovery.Known known, List<Long> handedOut, Model model) {
        log.recover(
                known.from(),
                known.checkpointLsn(),
                known.checkpointTerm(),
                known.checkpointChain(),
                known.highestPageLsn(),
                block -> {
                    assertEquals(ByteBuffer.wrap(model.redo.get((int) block.lsn())), block.redo());
                    handedOut.add(block.lsn());
                });
    }
}
