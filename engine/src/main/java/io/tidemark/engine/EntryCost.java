package io.tidemark.engine;

import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Entry;
import io.tidemark.engine.log.EntryLimits;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.page.LeafRecord;
import io.tidemark.engine.page.OverflowPage;

/**
 * How many pages an entry may change at most, known before it is proposed (rule E2). Whoever joins commands into an entry
 * keeps {@link #OVERHEAD_PAGES} plus the sum over its commands at or below the store's max-entry-pages; an entry above it
 * could halt every node.
 */
public final class EntryCost {
    /** Meta page, catalog, state rows, and inner pages near the roots, which the commands of an entry share. */
    public static final int OVERHEAD_PAGES = 128;

    /** A leaf, its parent and its parent's parent, each split in two. */
    private static final int RECORD_PAGES = 6;

    /** The last page of a large value that goes away. */
    private static final int FREED_PAGES = 1;

    /** The leaves of a session's header and of the few rows it drops, and the leaf of its new row, split in two. */
    private static final int SESSION_PAGES = 4;

    /** All rows of one session, at the default page size and leaves half full. */
    private static final int WHOLE_SESSION_PAGES = 16;

    /** Sessions that one command ends at most. */
    private static final int EXPIRED_SESSIONS = 64;

    /** Where an undo row goes, split in two as a record may be, and a page of its own for a before-image of some size. */
    private static final int UNDO_ROW_PAGES = 7;

    /** The leaf of a transaction's row. */
    private static final int TRANSACTION_PAGES = 1;

    /** A record restored or cleaned up, the large values that go with it, and the undo row, whose neighbours go too. */
    private static final int SLICE_ROW_PAGES = RECORD_PAGES + 2 * FREED_PAGES + 3;

    /** The way down to the first undo row of a slice. */
    private static final int SLICE_PAGES = 4;

    /** A row taken from among its neighbours, with the leaf that they are joined with and its parent. */
    private static final int TAKEN_ROW_PAGES = 3;

    /** A pin with a long name, in leaves half full. */
    private static final int PIN_ROW_BYTES = 2 * 192;

    /** A row of a transaction, in leaves half full. */
    private static final int TRANSACTION_ROW_BYTES = 2 * 92;

    private EntryCost() {}

    /**
     * Undo rows that one command may consume in a store of this max-entry-pages; at least 1, at most {@link
     * EntryLimits#SLICE_ROWS_MAX}.
     */
    public static int sliceRows(int maxEntryPages) {
        int rows = (maxEntryPages - OVERHEAD_PAGES) / (2 * SLICE_ROW_PAGES);
        return Math.max(1, Math.min(EntryLimits.SLICE_ROWS_MAX, rows));
    }

    /** Pages of one command beyond the overhead of its entry. */
    public static int pagesFor(Command command, int pageBytes) {
        return pagesFor(command.operation(), pageBytes)
                + (command.session() == null ? 0 : SESSION_PAGES)
                + (command.transaction() == Command.NO_TRANSACTION ? 0 : TRANSACTION_PAGES + UNDO_ROW_PAGES);
    }

    private static int pagesFor(Operation operation, int pageBytes) {
        if (operation instanceof Operation.Put put) {
            boolean overflows = LeafRecord.overflows(pageBytes, put.key().length, put.value().length);
            return RECORD_PAGES + FREED_PAGES + (overflows ? OverflowPage.pages(pageBytes, put.value().length) : 0);
        } else if (operation instanceof Operation.DeleteRange range) {
            return range.maxPages();
        } else if (operation instanceof Operation.ExpireSessions) {
            return EXPIRED_SESSIONS * WHOLE_SESSION_PAGES;
        } else if (operation instanceof Operation.OpenSession) {
            return SESSION_PAGES + WHOLE_SESSION_PAGES; // one too many drops the one idle longest
        } else if (operation instanceof Operation.ObserveContents || operation instanceof Operation.Savepoint) {
            return 0;
        } else if (operation instanceof Operation.LockKey || operation instanceof Operation.LockRange) {
            return 0;
        } else if (operation instanceof Operation.HistoryStarted) {
            return 3 * RECORD_PAGES
                    + EntryLimits.TRANSACTIONS_MAX * TRANSACTION_ROW_BYTES / pageBytes
                    + EntryLimits.PINS_MAX * PIN_ROW_BYTES / pageBytes;
        } else if (operation instanceof Operation.CheckpointShipped) {
            return 2 * (RECORD_PAGES + FREED_PAGES);
        } else if (operation instanceof Operation.RaiseFloor) {
            return RECORD_PAGES + EntryLimits.CHECKPOINTS_GIVEN_UP_MAX * TAKEN_ROW_PAGES;
        } else if (operation instanceof Operation.ExpireTransactions) {
            return EntryLimits.TRANSACTIONS_EXPIRED_MAX * TRANSACTION_PAGES + RECORD_PAGES;
        }
        int rows = rowsOf(operation);
        return rows >= 0 ? SLICE_PAGES + RECORD_PAGES + rows * SLICE_ROW_PAGES : RECORD_PAGES + FREED_PAGES;
    }

    /** Undo rows that the command consumes at most, -1 for none. */
    private static int rowsOf(Operation operation) {
        if (operation instanceof Operation.Commit commit) {
            return commit.rows();
        } else if (operation instanceof Operation.Rollback rollback) {
            return rollback.rows();
        } else if (operation instanceof Operation.RollbackTo back) {
            return back.rows();
        } else if (operation instanceof Operation.RollbackSlice slice) {
            return slice.rows();
        } else if (operation instanceof Operation.CleanSlice slice) {
            return slice.rows();
        }
        return -1;
    }

    /** Pages of a whole entry. */
    public static int pagesFor(Entry entry, int pageBytes) {
        long pages = OVERHEAD_PAGES;
        for (Command command : entry.commands()) {
            pages += pagesFor(command, pageBytes);
        }
        return (int) Math.min(Integer.MAX_VALUE, pages);
    }
}
