package io.tidemark.engine.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.Halt;
import io.tidemark.engine.io.SimulatedDisk;
import io.tidemark.engine.store.PageTable.Row;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class CachedPageTableTest extends PageTableContract {
    private static final Path TABLE = Path.of("/store/table");

    private final SimulatedDisk disk = new SimulatedDisk();

    @Override
    PageTable open() {
        return new CachedPageTable(new SimulatedPageTable(disk, TABLE, Halt.THROW));
    }

    @Test
    void aPageThatIsReadAgainIsFoundWithoutTheTable() {
        Rows rows = new Rows(4);
        PageTable table = new CachedPageTable(rows);
        for (int round = 0; round < 5; round++) {
            assertEquals(row(3, 0), table.row(3).orElseThrow());
            assertEquals(row(0, 0), table.row(0).orElseThrow());
        }
        assertEquals(2, rows.lookups);
        assertTrue(table.row(4).isEmpty());
    }

    @Test
    void aPageThatWasJustFlushedOrHasLeftIsFoundWithoutTheTable() {
        Rows rows = new Rows(4);
        PageTable table = new CachedPageTable(rows);
        Row left = new Row(2, Row.EVICTED, 8, -5);
        table.commit(List.of(row(1, 7), left), CheckpointRecord.EMPTY);
        assertEquals(row(1, 7), table.row(1).orElseThrow());
        assertEquals(left, table.row(2).orElseThrow());
        assertEquals(0, rows.lookups);
    }

    @Test
    void pagesThatShareAPlaceAreNotTakenForEachOther() {
        PageTable table = new CachedPageTable(new Rows(2L * CachedPageTable.ROWS + 2));
        for (long pageId : new long[] {1, 1 + CachedPageTable.ROWS, 1, 1 + 2L * CachedPageTable.ROWS, 1}) {
            assertEquals(row(pageId, 0), table.row(pageId).orElseThrow());
        }
        table.commit(List.of(row(1, 5), row(1 + CachedPageTable.ROWS, 6)), CheckpointRecord.EMPTY);
        assertEquals(row(1, 5), table.row(1).orElseThrow());
        assertEquals(
                row(1 + CachedPageTable.ROWS, 6),
                table.row(1 + CachedPageTable.ROWS).orElseThrow());
        assertEquals(
                row(1 + 2L * CachedPageTable.ROWS, 0),
                table.row(1 + 2L * CachedPageTable.ROWS).orElseThrow());
    }

    /** Its slot is another page's by the time that the row would be used. */
    @Test
    void p5_aRowThatWasLookedUpBeforeACommitIsNotKeptAfterIt() {
        Rows rows = new Rows(2);
        PageTable table = new CachedPageTable(rows);
        rows.afterLookup = () -> table.commit(List.of(row(1, 9)), CheckpointRecord.EMPTY);
        assertEquals(row(1, 0), table.row(1).orElseThrow());
        assertEquals(row(1, 9), table.row(1).orElseThrow());
    }

    @Test
    void p5_aRowThatWasLookedUpWhileACommitIsUnderWayIsNotKept() {
        Rows rows = new Rows(2);
        PageTable table = new CachedPageTable(rows);
        List<Row> seen = new ArrayList<>();
        Runnable look = () -> seen.add(table.row(1).orElseThrow());
        look.run();
        rows.beforeCommit = look;
        rows.afterCommit = look;
        table.commit(List.of(row(1, 9)), CheckpointRecord.EMPTY);
        look.run();
        assertEquals(List.of(row(1, 0), row(1, 0), row(1, 9), row(1, 9)), seen);
    }

    @Test
    void aCommitThatFailedLeavesTheAnswerToTheTable() {
        Rows rows = new Rows(2);
        PageTable table = new CachedPageTable(rows);
        table.row(1);
        Runnable failure = () -> {
            throw new IllegalStateException("the disk is gone");
        };
        rows.beforeCommit = failure;
        assertThrows(IllegalStateException.class, () -> table.commit(List.of(row(1, 4)), CheckpointRecord.EMPTY));
        assertEquals(row(1, 0), table.row(1).orElseThrow());
        rows.afterCommit = failure; // durable, though nobody was told
        assertThrows(IllegalStateException.class, () -> table.commit(List.of(row(1, 5)), CheckpointRecord.EMPTY));
        assertEquals(row(1, 5), table.row(1).orElseThrow());
        table.commit(List.of(row(1, 6)), CheckpointRecord.EMPTY);
        assertEquals(row(1, 6), table.row(1).orElseThrow());
    }

    @Test
    void p5_noReaderIsToldAPlaceThatItsPageHasLeft() throws Exception {
        int pages = 8;
        int threads = 3;
        PageTable table = new CachedPageTable(new Rows(pages));
        AtomicLongArray committed = new AtomicLongArray(pages);
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService readers = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> reading = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                Random random = new Random(i);
                reading.add(readers.submit(() -> {
                    while (!done.get()) {
                        int page = random.nextInt(pages);
                        long least = committed.get(page);
                        Row row = table.row(page).orElseThrow();
                        assertEquals(row(page, row.slot()), row);
                        assertTrue(row.slot() >= least, row + " after it was moved to " + least);
                    }
                }));
            }
            Random random = new Random(99);
            for (int slot = 1; slot <= 20_000; slot++) {
                int page = random.nextInt(pages);
                table.commit(List.of(row(page, slot)), CheckpointRecord.EMPTY);
                committed.set(page, slot);
            }
            done.set(true);
            for (Future<?> each : reading) {
                each.get();
            }
        } finally {
            done.set(true);
            readers.shutdown();
        }
    }

    /** Rows in memory, in slot 0 at first, with something to be done once around what is asked of them. */
    private static final class Rows implements PageTable {
        private static final Runnable NOTHING = () -> {};

        private final long pages;
        private final Map<Long, Row> moved = new HashMap<>();
        private int lookups;
        private Runnable afterLookup = NOTHING;
        private Runnable beforeCommit = NOTHING;
        private Runnable afterCommit = NOTHING;

        Rows(long pages) {
            this.pages = pages;
        }

        @Override
        public Optional<Row> row(long pageId) {
            Optional<Row> found = newest(pageId);
            Runnable after = afterLookup;
            afterLookup = NOTHING;
            after.run();
            return found;
        }

        private synchronized Optional<Row> newest(long pageId) {
            lookups++;
            return pageId < pages
                    ? Optional.of(moved.getOrDefault(pageId, PageTableContract.row(pageId, 0)))
                    : Optional.empty();
        }

        @Override
        public void commit(List<Row> rows, CheckpointRecord checkpoint) {
            Runnable before = beforeCommit;
            beforeCommit = NOTHING;
            before.run();
            move(rows);
            Runnable after = afterCommit;
            afterCommit = NOTHING;
            after.run();
        }

        private synchronized void move(List<Row> rows) {
            rows.forEach(row -> moved.put(row.pageId(), row));
        }

        @Override
        public void forEach(Consumer<Row> visitor) {
            throw new UnsupportedOperationException("not asked for here");
        }

        @Override
        public CheckpointRecord checkpoint() {
            return CheckpointRecord.EMPTY;
        }

        @Override
        public void close() {}
    }
}
