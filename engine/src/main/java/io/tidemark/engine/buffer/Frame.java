package io.tidemark.engine.buffer;

import java.nio.ByteBuffer;

/**
 * A place for one page. The pool's lock guards every field but the page's bytes, {@link #entry} and {@link #changed}; the bytes may be read
 * by whoever holds a pin and the engine's lock.
 */
public final class Frame {
    static final long NONE = -1;

    final ByteBuffer page;
    long pageId = NONE;
    int pins;
    boolean loading;

    /** LSN of the oldest change that is not on disk, {@link #NONE} when the page has none that is not being flushed. */
    long recLsn = NONE;

    /** WAL bytes appended before that change. */
    long recBytes;

    /** A copy of the page is on its way to disk. */
    boolean flushing;

    /** LSN of the entry in flight that holds the frame; applying thread only. */
    long entry = NONE;

    /** LSN of the entry in flight that has changed the page; applying thread only. */
    long changed = NONE;

    /** Hits since the replacement last looked, at most 3. */
    int uses;

    /** Applying thread only. */
    boolean isNew;

    Frame bucketNext;
    Frame queueNext;
    Frame dirtyNext;

    Frame(ByteBuffer page) {
        this.page = page;
    }

    /** The page at index 0; absolute access only. */
    public ByteBuffer page() {
        return page;
    }

    public long pageId() {
        return pageId;
    }

    /** Whether the page was never stored and no entry has completed it: its bytes mean nothing yet. */
    public boolean isNew() {
        return isNew;
    }

    boolean isDirty() {
        return recLsn != NONE;
    }

    boolean isEvictable() {
        return pins == 0 && !isDirty() && !flushing;
    }
}
