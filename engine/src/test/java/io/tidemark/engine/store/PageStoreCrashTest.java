package io.tidemark.engine.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.io.CrashMode;
import io.tidemark.engine.io.SimulatedDisk;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The page store cut off before every operation on its disk, keeping nothing, all or a random part of what was unsynced:
 * what comes back is the last flush, or the one under way, as a whole; and it goes on from there.
 */
class PageStoreCrashTest {
    private static final int SEEDS = 14;
    private static final int FLUSHES = 50;

    private long images;

    /** Page id to LSN after each flush; the last may be under way. */
    private static final class Model {
        final Map<Long, TreeMap<Long, Long>> states = new HashMap<>();
        long flushed = -1;
    }

    @Test
    void p5_everyCrashKeepsTheLastFlushAsAWhole() {
        for (int seed = 0; seed < SEEDS; seed++) {
            run(new Random(seed), "seed " + seed);
        }
        assertTrue(images > 5_000, images + " images");
    }

    private void run(Random random, String name) {
        SimulatedDisk disk = new SimulatedDisk();
        Model model = new Model();
        model.states.put(-1L, new TreeMap<>());
        Random ofImages = new Random(random.nextLong());
        disk.beforeOperation(operation -> {
            for (CrashMode mode : CrashMode.values()) {
                check(disk.crashImage(mode, ofImages), model, ofImages, name + " operation " + operation + " " + mode);
            }
        });
        FilePageStore store = FilePageStoreTest.open(disk);
        TreeMap<Long, Long> pages = new TreeMap<>();
        for (long lsn = 0; lsn < FLUSHES; lsn++) {
            TreeMap<Long, Long> changed = new TreeMap<>();
            for (int i = random.nextInt(12); i >= 0; i--) {
                changed.put((long) random.nextInt(30), lsn);
            }
            pages.putAll(changed);
            model.states.put(lsn, new TreeMap<>(pages));
            flush(store, changed, lsn);
            model.flushed = lsn;
        }
    }

    private static void flush(FilePageStore store, Map<Long, Long> changed, long lsn) {
        store.flush(
                changed.entrySet().stream()
                        .map(page -> Pages.image(page.getKey(), page.getValue()))
                        .toList(),
                FilePageStoreTest.at(lsn));
    }

    private void check(SimulatedDisk disk, Model model, Random random, String where) {
        images++;
        FilePageStore store = FilePageStoreTest.open(disk);
        long applied = store.checkpoint().applied();
        assertTrue(applied == model.flushed || applied == model.flushed + 1, where + ": " + applied);
        TreeMap<Long, Long> expected = new TreeMap<>(model.states.get(applied));
        assertPages(expected, store, where);
        // Another flush, a power cut: still whole.
        TreeMap<Long, Long> changed = new TreeMap<>(Map.of((long) random.nextInt(30), applied + 5, 40L, applied + 5));
        flush(store, changed, applied + 5);
        expected.putAll(changed);
        SimulatedDisk after = disk.crashImage(CrashMode.NONE, random);
        assertPages(expected, FilePageStoreTest.open(after), where + " and one flush");
    }

    private static void assertPages(Map<Long, Long> expected, FilePageStore store, String where) {
        assertEquals(expected.size(), store.pages(), where);
        long highest =
                expected.values().stream().mapToLong(Long::longValue).max().orElse(-1);
        assertEquals(highest, store.highestPageLsn(), where);
        ByteBuffer page = ByteBuffer.allocate(Pages.BYTES);
        expected.forEach((id, lsn) -> {
            store.read(id, page.clear());
            assertEquals(lsn, io.tidemark.engine.page.PageHeader.lsn(page.flip()), where);
        });
    }
}
