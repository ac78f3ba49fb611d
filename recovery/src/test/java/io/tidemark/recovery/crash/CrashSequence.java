package io.tidemark.recovery.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.io.CrashMode;
import io.tidemark.engine.io.SimulatedDisk;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * One random log, one store, and every crash of it: before each operation of the disk the power is cut, keeping nothing,
 * all, or a random part of what was unsynced, and each image that differs from those before is recovered and carried on
 * a few entries, or to the log's end. Some of these second lives are cut off again, in their recovery or later, and some
 * of the third. In some, pages leave the disk, and nobody can be asked for them while an engine starts. Some begin at a
 * checkpoint in the log, with every page elsewhere (rule CT5).
 */
final class CrashSequence {
    private static final CrashMode[] MODES = {CrashMode.NONE, CrashMode.ALL, CrashMode.RANDOM, CrashMode.RANDOM};
    private static final int DEEPEST = 3;

    private final long seed;
    private final Random random;
    private final LogScript script;
    private final StoreOnDisk store;
    private final Expected expected;

    /** LSN that each image seen so far came back with. */
    private final Map<Long, Long> recovered = new HashMap<>();

    private long againCrashed;
    private Throwable failure;

    /** What was checked. @param again images of those taken in the life after a crash */
    record Images(long all, long again) {}

    private CrashSequence(long seed, boolean ships) {
        this.seed = seed;
        this.random = new Random(seed * 0x9E3779B97F4A7C15L);
        this.store = StoreOnDisk.random(random);
        int length = 6 + random.nextInt(22);
        int keys = 2 + random.nextInt(random.nextBoolean() ? 8 : 80);
        int valueMax = new int[] {100, 800, 4_000, 25_000}[random.nextInt(4)];
        this.script = ships
                ? LogScript.shipping(random, seed, length, keys, valueMax, store)
                : new LogScript(random, length, keys, valueMax, store);
        this.expected = new Expected(script);
    }

    /** Runs it all; throws what does not hold, and where. */
    static Images run(long seed) {
        // In every third the log tells of checkpoints of pages, and pages leave.
        boolean ships = Math.floorMod(seed, 3) == 0;
        Images all = run(seed, ships, false);
        if (!ships) {
            return all;
        }
        Images begun = run(seed, true, true);
        return new Images(all.all() + begun.all(), all.again() + begun.again());
    }

    private static Images run(long seed, boolean ships, boolean begins) {
        try {
            CrashSequence sequence = new CrashSequence(seed, ships);
            if (begins) {
                long at = sequence.checkpoint();
                SimulatedDisk disk = sequence.store.begun(sequence.script, at);
                sequence.expected.knowsChainsFrom(at);
                sequence.live(disk, new Promise(at, at), 0, "seed " + seed + " begun at LSN " + at);
            } else {
                sequence.live(new SimulatedDisk(), new Promise(-1, -1), 0, "seed " + seed);
            }
            sequence.rethrow();
            return new Images(sequence.recovered.size(), sequence.againCrashed);
        } catch (AssertionError e) {
            throw e;
        } catch (RuntimeException | Error e) {
            throw new AssertionError("seed " + seed + ": " + e, e);
        }
    }

    /** An LSN in the first half of the log at which there are pages. */
    private long checkpoint() {
        long at = random.nextLong(1 + script.last() / 2);
        while (script.cold().pageIds(at) == 0) {
            at++;
        }
        return at;
    }

    private void rethrow() {
        if (failure != null) {
            throw new AssertionError(failure.getMessage(), failure);
        }
    }

    /** Recovers an engine from a disk and applies the log to its end, crashing it on the way. Returns what it came back with. */
    private long live(SimulatedDisk disk, Promise promise, int depth, String where) {
        EngineLife life = new EngineLife(disk, store, script, expected, new Random(random.nextLong()), promise);
        boolean crashing = depth == 0 || (depth < DEEPEST && random.nextInt(12) == 0);
        Map<String, Long> inRecovery = new HashMap<>();
        if (crashing) {
            disk.beforeOperation(operation -> {
                Promise now = life.promise();
                for (CrashMode mode : MODES) {
                    // A first life is cut everywhere, a second at one point in eight, but wherever it recovers.
                    if (depth == 0 || (life.isRecovering() ? random.nextBoolean() : random.nextInt(32) == 0)) {
                        String at = where + ", operation " + operation + " " + mode;
                        long lsn = image(disk, mode, now, depth + 1, at);
                        if (life.isRecovering()) {
                            inRecovery.put(at, lsn);
                        }
                    }
                }
            });
        }
        long lsn = life.open();
        inRecovery.forEach((at, found) -> assertEquals(lsn, found, at + ": LSN after a crash of the recovery"));
        life.check();
        if (depth > 0 && random.nextInt(6) == 0) {
            String at = where + ", just recovered";
            disk.beforeOperation(operation -> {});
            image(disk, CrashMode.NONE, new Promise(lsn, lsn), DEEPEST, at);
            life.askAgain();
        } else if (depth == 0) {
            life.toTheEnd();
        } else {
            life.goOn();
        }
        disk.beforeOperation(operation -> {});
        life.end();
        return lsn;
    }

    private long image(SimulatedDisk disk, CrashMode mode, Promise promise, int depth, String where) {
        rethrow();
        try {
            SimulatedDisk image = disk.crashImage(mode, random);
            long print = Fingerprint.of(image);
            Long known = recovered.get(print);
            if (known == null) {
                known = live(image, promise, depth, where);
                recovered.put(print, known);
                againCrashed += depth > 1 ? 1 : 0;
            }
            assertTrue(
                    promise.durable() <= known && known <= promise.applied(),
                    where + ": came back with LSN " + known + ", but " + promise);
            return known;
        } catch (RuntimeException | Error e) {
            if (failure == null) {
                failure = new AssertionError(where + ": " + e, e);
            }
            throw e;
        }
    }

    @Override
    public String toString() {
        return "crash sequence " + seed;
    }
}
