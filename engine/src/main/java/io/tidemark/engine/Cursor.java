package io.tidemark.engine;

import io.tidemark.engine.StorageEngine.Row;
import io.tidemark.engine.log.Version;
import java.nio.ByteBuffer;

/**
 * Goes through a range of keys of one {@link Snapshot}, row by row, and lends each row or copies it. Holds nothing between
 * calls but the memory of one page, so that its snapshot may end some rows before it notices. Not thread-safe; fails as its
 * snapshot does, and may be asked again.
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

    /**
     * Key of the row it is at, from position to limit; read-only, lent until the cursor moves or is closed. Nothing is
     * allocated.
     */
    ByteBuffer key();

    /** Value of the row it is at, lent as {@link #key} is; a large value is read now. */
    ByteBuffer value();

    /** Version of the row it is at. */
    Version version();

    /** A copy of the row it is at. */
    Row row();

    @Override
    void close();
}
