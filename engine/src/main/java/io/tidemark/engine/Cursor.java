package io.tidemark.engine;

import io.tidemark.engine.StorageEngine.Row;

/**
 * Goes through a range of keys of one {@link Snapshot}, row by row. Holds nothing but memory between calls, some rows
 * read ahead. Not thread-safe; fails as its snapshot does.
 */
public interface Cursor extends AutoCloseable {
    /** Goes to the next row, at first to the first; false when there is none. */
    boolean next();

    /**
     * Goes to the row of this key or, when there is none, to the one that comes next in the cursor's direction; to
     * the first of the range when the key lies before it.
     *
     * @return false when there is none left in the range
     */
    boolean seek(byte[] key);

    /** The row it is at; the arrays are the caller's own. */
    Row row();

    @Override
    void close();
}
