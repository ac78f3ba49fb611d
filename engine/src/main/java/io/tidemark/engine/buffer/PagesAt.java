package io.tidemark.engine.buffer;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.store.ColdPageException;

/**
 * The pages as they were at one LSN: that of an open snapshot, or of an active reader. One thread at a time.
 */
public final class PagesAt implements PageSource {
    private final BufferPool pool;
    private SnapshotHold hold;
    private boolean patient;
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
        this.patient = snapshot != null;
    }

    /**
     * Waits for pages that have to be fetched, until the next move. Whoever keeps nothing from the writer, as a snapshot
     * does not, waits at once; an active reader goes away and comes again, for while he waits an entry might wait for him.
     */
    public void waitForPages() {
        patient = true;
    }

    @Override
    public Frame pin(long pageId, Use use) {
        pinned++;
        Frame frame = patient ? pinPatiently(pageId, use) : pool.pin(pageId, lsn, use);
        if (frame == null) {
            throw missing(pageId);
        }
        return frame;
    }

    private Frame pinPatiently(long pageId, Use use) {
        while (true) {
            try {
                return pool.pin(pageId, lsn, use);
            } catch (ColdPageException e) {
                pool.fetch(pageId); // throws when it cannot be had
            }
        }
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
    public boolean lacks(long leafId, byte[] key) {
        return pool.lacks(leafId, lsn, key);
    }

    @Override
    public void keyNotFound() {
        pool.keyNotFound();
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
