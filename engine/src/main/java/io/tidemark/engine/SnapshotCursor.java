package io.tidemark.engine;

import io.tidemark.engine.StorageEngine.Row;
import io.tidemark.engine.btree.TreeCursor;
import io.tidemark.engine.buffer.Use;
import java.util.Arrays;

/**
 * A cursor that reads rows in pieces, few at first and more as it is used, each in one short stay among the readers;
 * between them it knows only the last key of the piece, since pages may have left the pool.
 */
final class SnapshotCursor implements Cursor {
    private static final int ROWS_FIRST = 4;
    private static final int ROWS_MAX = 256;
    private static final long BYTES_MAX = 256 << 10;

    private final OpenSnapshot snapshot;
    private final String tree;
    private final byte[] from;
    private final byte[] to;
    private final boolean forward;
    private final Row[] rows = new Row[ROWS_MAX];
    private int count;
    private int at = -1;
    private int wanted = ROWS_FIRST;

    /** Where the next piece begins: the first key of it, or, after {@link #exclusive}, the one before it; null: at the end. */
    private byte[] start;

    private boolean exclusive;
    private boolean exhausted;

    SnapshotCursor(OpenSnapshot snapshot, String tree, byte[] from, byte[] to, Direction direction) {
        this.snapshot = snapshot;
        this.tree = tree;
        this.from = from;
        this.to = to;
        this.forward = direction == Direction.FORWARD;
        startAt(null);
    }

    private void startAt(byte[] key) {
        count = 0;
        at = -1;
        wanted = ROWS_FIRST;
        exhausted = false;
        exclusive = false;
        start = key;
        boolean beforeRange = key == null
                || (forward
                        ? from != null && Arrays.compareUnsigned(key, from) < 0
                        : to != null && Arrays.compareUnsigned(key, to) >= 0);
        if (beforeRange) {
            start = forward ? from : to;
            exclusive = !forward;
        }
    }

    @Override
    public boolean next() {
        if (at + 1 < count) {
            at++;
            return true;
        }
        at = -1;
        count = 0;
        if (!exhausted) {
            snapshot.read(this::fill);
        }
        if (count == 0) {
            return false;
        }
        at = 0;
        return true;
    }

    @Override
    public boolean seek(byte[] key) {
        startAt(key.clone());
        return next();
    }

    @Override
    public Row row() {
        if (at < 0) {
            throw new IllegalStateException("the cursor stands at no row; next() says whether there is one");
        }
        return rows[at];
    }

    private Void fill(ReadPlace place) {
        int filled = 0;
        long bytes = 0;
        boolean more;
        try (TreeCursor cursor = new TreeCursor(place.pages, place.root(tree), Use.SCAN)) {
            for (more = place(cursor); more; more = forward ? cursor.next() : cursor.previous()) {
                if (isPastEnd(cursor)) {
                    more = false;
                    break;
                }
                if (filled == wanted || bytes >= BYTES_MAX) {
                    break;
                }
                byte[] key = cursor.key();
                Row row = place.row(key, cursor.page(), cursor.slot(), Use.SCAN);
                if (row != null) {
                    rows[filled++] = row;
                    bytes += key.length + row.value().length;
                }
                start = key;
                exclusive = true;
            }
        }
        count = filled;
        exhausted = !more;
        wanted = Math.min(ROWS_MAX, 2 * wanted);
        return null;
    }

    private boolean place(TreeCursor cursor) {
        if (forward) {
            boolean found = cursor.seek(start);
            return found && exclusive && cursor.compareKey(start) == 0 ? cursor.next() : found;
        }
        if (start == null || exclusive) {
            return cursor.seekBefore(start);
        }
        boolean found = cursor.seek(start);
        return found && cursor.compareKey(start) == 0 || cursor.seekBefore(start);
    }

    private boolean isPastEnd(TreeCursor cursor) {
        return forward ? to != null && cursor.compareKey(to) >= 0 : from != null && cursor.compareKey(from) < 0;
    }

    @Override
    public void close() {
        exhausted = true;
        count = 0;
        at = -1;
        Arrays.fill(rows, null);
    }
}
