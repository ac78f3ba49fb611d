package io.tidemark.engine.store;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;

/**
 * A page table with some of its rows in memory, so that reading a page does not begin a transaction of the table. It
 * answers exactly what the table would; empty at first, closed with the table.
 *
 * <p>Each page id has one place, shared with the ids that are a multiple of {@link #ROWS} away: the latest row that was
 * looked up or committed has it. Memory: 32 bytes for each place, 4 MiB at most, in pieces of 128 KiB that come as the
 * page ids do; no more is ever taken. It stands beside the pool's budget.
 *
 * <p><b>Why a row here is always the table's.</b> A commit makes {@link #commits} odd, takes its rows out, commits to
 * the table, puts the new rows in and makes the count even again. Whoever looked a row up in the table puts it in only
 * if the count is even and what it was before the look, and compares under the lock of the row's piece, under which the
 * commit takes rows out too. So if the comparison came before the commit's taking out, that takes the row out; if it
 * came after, it sees another count, and the row stays out. While a commit is under way its rows are asked of the table
 * alone, and after one that failed nothing is put in until one succeeds.
 *
 * <p>One thread commits, any thread reads.
 */
final class CachedPageTable implements PageTable {
    /** Places: all rows of 1 GiB in pages of 8 KiB. A power of two. */
    static final int ROWS = 1 << 17;

    private static final int PIECE_ROWS = 1 << 12;

    private final PageTable table;
    private final AtomicReferenceArray<Piece> pieces = new AtomicReferenceArray<>(ROWS / PIECE_ROWS);

    /** Twice the commits so far; odd while one is under way, and after one that failed. */
    private volatile long commits;

    /** @param table closed by {@link #close}; commits to it must come through here */
    CachedPageTable(PageTable table) {
        this.table = table;
    }

    @Override
    public Optional<Row> row(long pageId) {
        Piece piece = piece(pageId);
        Row known = piece.get(pageId);
        if (known != null) {
            return Optional.of(known);
        }
        long before = commits;
        Optional<Row> row = table.row(pageId);
        row.ifPresent(found -> putUnlessCommitted(piece, found, before));
        return row;
    }

    private void putUnlessCommitted(Piece piece, Row row, long before) {
        synchronized (piece) {
            if (commits == before && (before & 1) == 0) {
                piece.put(row);
            }
        }
    }

    @Override
    public void commit(List<Row> rows, CheckpointRecord checkpoint) {
        long underWay = commits | 1;
        commits = underWay;
        rows.forEach(row -> piece(row.pageId()).remove(row.pageId()));
        table.commit(rows, checkpoint);
        rows.forEach(row -> piece(row.pageId()).put(row));
        commits = underWay + 1;
    }

    @Override
    public void forEach(Consumer<Row> visitor) {
        table.forEach(visitor);
    }

    @Override
    public CheckpointRecord checkpoint() {
        return table.checkpoint();
    }

    @Override
    public void close() {
        table.close();
    }

    private Piece piece(long pageId) {
        int index = place(pageId) / PIECE_ROWS;
        Piece piece = pieces.get(index);
        if (piece == null) {
            pieces.compareAndSet(index, null, new Piece());
            piece = pieces.get(index);
        }
        return piece;
    }

    private static int place(long pageId) {
        return (int) pageId & ROWS - 1;
    }

    /** Rows of neighbours, under a lock of their own; a row lies together, in half a line of a processor's cache. */
    private static final class Piece {
        private static final int ROW_LONGS = 4;
        private static final long NO_PAGE = Long.MIN_VALUE;

        private final long[] rows = new long[PIECE_ROWS * ROW_LONGS];

        Piece() {
            Arrays.fill(rows, NO_PAGE);
        }

        /** The page's row, null when another has its place. */
        synchronized Row get(long pageId) {
            int at = at(pageId);
            return rows[at] == pageId ? new Row(pageId, rows[at + 1], rows[at + 2], (int) rows[at + 3]) : null;
        }

        synchronized void put(Row row) {
            int at = at(row.pageId());
            rows[at] = row.pageId();
            rows[at + 1] = row.slot();
            rows[at + 2] = row.pageLsn();
            rows[at + 3] = row.crc();
        }

        synchronized void remove(long pageId) {
            int at = at(pageId);
            if (rows[at] == pageId) {
                rows[at] = NO_PAGE;
            }
        }

        private static int at(long pageId) {
            return place(pageId) % PIECE_ROWS * ROW_LONGS;
        }
    }
}
