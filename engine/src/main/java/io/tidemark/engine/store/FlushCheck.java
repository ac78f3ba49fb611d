package io.tidemark.engine.store;

import io.tidemark.engine.error.Halt;
import io.tidemark.engine.store.PageTable.Row;
import java.util.List;
import java.util.function.Predicate;

/** What must hold of pages and rows before they go to the disk; a violation halts. */
final class FlushCheck {
    private final int pageBytes;
    private final Halt halt;

    FlushCheck(int pageBytes, Halt halt) {
        this.pageBytes = pageBytes;
        this.halt = halt;
    }

    /** @param sorted by page id */
    void images(List<PageImage> sorted, CheckpointRecord checkpoint) {
        long before = Long.MIN_VALUE;
        for (PageImage image : sorted) {
            String wrong = PageImage.difference(image.pageId(), image.pageLsn(), image.crc(), image.bytes());
            if (wrong == null && image.bytes().remaining() != pageBytes) {
                wrong = image.bytes().remaining() + " bytes";
            }
            if (wrong == null && image.pageLsn() > checkpoint.applied()) {
                wrong = "LSN " + image.pageLsn() + " is past the checkpoint's " + checkpoint.applied();
            }
            if (wrong == null && image.pageId() == before) {
                wrong = "it is flushed twice";
            }
            if (wrong != null) {
                throw halt.halt("page " + image.pageId() + " is not fit to be flushed: " + wrong, null);
            }
            before = image.pageId();
        }
    }

    /** Both ascend by page id; a replaced row is never of a later state. */
    void forward(List<Row> rows, List<Row> replaced) {
        int next = 0;
        for (Row row : rows) {
            if (next < replaced.size() && replaced.get(next).pageId() == row.pageId()) {
                if (replaced.get(next).pageLsn() > row.pageLsn()) {
                    throw halt.halt(replaced.get(next) + " would go back to " + row, null);
                }
                next++;
            }
        }
    }

    /** Rows that a store begins with, whose pages are all elsewhere. */
    void beginning(List<Row> rows, Predicate<Row> isThere, CheckpointRecord checkpoint) {
        for (Row row : rows) {
            if (!row.isEvicted() || row.pageLsn() > checkpoint.applied() || isThere.test(row)) {
                throw halt.halt("no store at LSN " + checkpoint.applied() + " begins with " + row, null);
            }
        }
    }
}
