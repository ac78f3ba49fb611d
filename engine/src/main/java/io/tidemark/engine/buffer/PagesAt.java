package io.tidemark.engine.buffer;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;

/**
 * The pages as they were at one LSN: that of an open snapshot, or of an active reader. One thread at a time.
 */
public final class PagesAt implements PageSource {
    private final BufferPool pool;
    private SnapshotHold hold;
    private long lsn;
    private long pinned;

    public PagesAt(BufferPool pool) {
        this.pool = pool;
    }

    /**
     * @param snapshot what keeps the versions of that LSN, or null for an active reader
     */
    public void moveTo(long newLsn, SnapshotHold snapshot) {
        this.lsn = newLsn;
        this.hold = snapshot;
    }

    @Override
    public Frame pin(long pageId, Use use) {
        pinned++;
        Frame frame = pool.pin(pageId, lsn, use);
        if (frame == null) {
            throw missing(pageId);
        }
        return frame;
    }

    private TidemarkException missing(long pageId) {
        if (hold != null) {
            hold.requireOpen();
        }
        return new TidemarkException(
                ErrorKind.FATAL, "no version of page " + pageId + " at LSN " + lsn + ", where a reader is");
    }

    @Override
    public void unpin(Frame frame) {
        frame.unpin();
    }

    @Override
    public int pageBytes() {
        return pool.pageBytes();
    }

    @Override
    public void willWant(long pageId) {
        pool.willWant(pageId);
    }

    /** Pins taken so far. */
    public long pinned() {
        return pinned;
    }
}
