package io.tidemark.engine;

import static io.tidemark.engine.EngineRig.bytes;
import static io.tidemark.engine.EngineRig.put;
import static io.tidemark.engine.EngineRig.text;
import static io.tidemark.engine.EngineRig.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.buffer.Backoff;
import io.tidemark.engine.log.Operation;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Data fifty times as large as the pool. */
@Timeout(120)
class LargerThanMemoryTest {
    private static final int ROWS = 42_000;
    private static final int TOGETHER = 8;

    @Test
    void dataFiftyTimesAsLargeAsThePoolIsServedWithinItsBytes() {
        long before = directBytes();
        EngineRig rig = new EngineRig(EngineRig.threaded());
        fill(rig);
        long frames = rig.options.poolBytes() / rig.options.pageBytes();
        assertTrue(
                rig.engine.inspection().pageIds() >= 50 * frames,
                rig.engine.inspection().pageIds() + " pages, " + frames + " frames");
        try (Snapshot snapshot = rig.engine.snapshot()) {
            Cursor up = snapshot.open("rows", null, null, Direction.FORWARD);
            Cursor down = snapshot.open("rows", null, null, Direction.BACKWARD);
            for (int i = 0; i < ROWS; i++) {
                assertTrue(up.next() && down.next());
                assertRow(i, up.row());
                assertRow(ROWS - 1 - i, down.row());
            }
            assertFalse(up.next() || down.next());
        }
        Random random = new Random(3);
        for (int i = 0; i < 2000; i++) {
            int row = random.nextInt(ROWS);
            assertEquals(value(row, 120), rig.get(key(row)));
        }
        long flushCopies = (long) rig.options.flushBatchPages() * rig.options.pageBytes();
        long taken = directBytes() - before;
        long cursors = 2L * rig.options.pageBytes();
        assertTrue(taken <= rig.options.poolBytes() + flushCopies + cursors + 4096, taken + " bytes taken");
        rig.engine.inspection().checkStructure();
        rig.engine.close();
    }

    @Test
    void aScanOfASlowDiskHasItsNextPagesReadAhead() {
        EngineRig rig = new EngineRig(EngineRig.threaded());
        fill(rig);
        rig.store.beforeRead = LargerThanMemoryTest::takeADisksTime;
        for (int round = 0; rig.counted("engine.readahead.pages") == 0 && round < 100; round++) {
            assertEquals(
                    500,
                    rig.engine
                            .scan("rows", bytes(key(round * 400)), null, 500, 1 << 20)
                            .rows()
                            .size());
            for (int pause = 0; pause < 100; pause++) {
                Backoff.pause(pause);
            }
        }
        assertTrue(rig.counted("engine.readahead.pages") > 0);
        assertEquals(0, rig.counted("engine.readahead.failed"));
        rig.engine.close();
    }

    /** A tenth of a millisecond. */
    private static void takeADisksTime() {
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < 100_000) {
            Thread.onSpinWait();
        }
    }

    private static void fill(EngineRig rig) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            order.add(i);
        }
        // Some disorder, but neighbours near enough to find their page in the pool.
        for (int from = 0; from + 4000 <= ROWS; from += 2000) {
            Collections.shuffle(order.subList(from, from + 4000), new Random(from));
        }
        for (int from = 0; from < ROWS; from += TOGETHER) {
            List<Operation> puts = new ArrayList<>();
            for (int row : order.subList(from, Math.min(ROWS, from + TOGETHER))) {
                puts.add(put(key(row), value(row, 120)));
            }
            rig.apply(puts);
        }
    }

    private static void assertRow(int i, StorageEngine.Row row) {
        assertEquals(key(i), text(row.key()));
        assertEquals(value(i, 120), text(row.value()));
    }

    private static String key(int i) {
        return String.format("key%07d", i);
    }

    private static long directBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }
}
