package io.tidemark.engine.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What every page table does (rule P4); run for each implementation. */
abstract class PageTableContract {

    /** Opens the table of this test; what an earlier one committed is there. */
    abstract PageTable open();

    static PageTable.Row row(long pageId, long slot) {
        return new PageTable.Row(pageId, slot, 1000 + slot, (int) (pageId * 31 + slot));
    }

    static CheckpointRecord checkpoint(long applied) {
        return new CheckpointRecord(applied - 3, applied, 7, applied * 0x9E3779B97F4A7C15L);
    }

    static List<PageTable.Row> rows(PageTable table) {
        List<PageTable.Row> rows = new ArrayList<>();
        table.forEach(rows::add);
        return rows;
    }

    @Test
    void aNewTableIsEmpty() {
        try (PageTable table = open()) {
            assertEquals(CheckpointRecord.EMPTY, table.checkpoint());
            assertEquals(List.of(), rows(table));
            assertTrue(table.row(0).isEmpty());
        }
    }

    @Test
    void p4_aCommitIsThereAsAWholeAfterReopening() {
        try (PageTable table = open()) {
            table.commit(List.of(row(3, 1), row(1, 2), row(2, 3)), checkpoint(10));
            table.commit(List.of(row(2, 4), row(9, 5)), checkpoint(20));
            table.commit(List.of(), checkpoint(21));
        }
        try (PageTable table = open()) {
            assertEquals(checkpoint(21), table.checkpoint());
            assertEquals(List.of(row(1, 2), row(2, 4), row(3, 1), row(9, 5)), rows(table));
            assertEquals(row(2, 4), table.row(2).orElseThrow());
            assertTrue(table.row(4).isEmpty());
        }
    }

    @Test
    void p1_aPageThatLeftTheDiskKeepsItsRow() {
        PageTable.Row evicted = new PageTable.Row(5, PageTable.Row.EVICTED, 77, -3);
        try (PageTable table = open()) {
            table.commit(List.of(row(5, 1)), checkpoint(1));
            table.commit(List.of(evicted), checkpoint(2));
        }
        try (PageTable table = open()) {
            assertEquals(evicted, table.row(5).orElseThrow());
        }
    }

    @Test
    void rowsComeInOrderOfPageIdAndMatchAModel() {
        Random random = new Random(42);
        TreeMap<Long, PageTable.Row> model = new TreeMap<>();
        PageTable table = open();
        for (int commit = 1; commit <= 60; commit++) {
            TreeMap<Long, PageTable.Row> changed = new TreeMap<>();
            for (int i = random.nextInt(40); i > 0; i--) {
                long pageId = random.nextInt(500);
                changed.put(pageId, row(pageId, random.nextInt(1 << 20)));
            }
            table.commit(List.copyOf(changed.values()), checkpoint(commit));
            model.putAll(changed);
            if (commit % 20 == 0) {
                table.close();
                table = open();
            }
            assertEquals(List.copyOf(model.values()), rows(table));
        }
        table.close();
    }

    @Test
    void readersSeeRowsOfWholeCommitsWhileOneCommits() throws InterruptedException {
        try (PageTable table = open()) {
            table.commit(List.of(row(1, 0), row(2, 0)), checkpoint(0));
            AtomicBoolean done = new AtomicBoolean();
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Thread reader = new Thread(() -> {
                try {
                    while (!done.get()) {
                        List<PageTable.Row> rows = rows(table);
                        assertEquals(rows.get(0).slot(), rows.get(1).slot());
                    }
                } catch (RuntimeException | AssertionError e) {
                    failure.set(e);
                }
            });
            reader.start();
            for (int i = 1; i <= 30; i++) {
                table.commit(List.of(row(1, i), row(2, i)), checkpoint(i));
            }
            done.set(true);
            reader.join();
            assertEquals(null, failure.get());
        }
    }
}
