package io.tidemark.engine.buffer;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.page.PageHeader;
import io.tidemark.engine.store.ColdPageException;
import io.tidemark.engine.store.PageStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;

/**
 * Reads whole pages as they were at one LSN, past the pool's replacement: what is in memory is copied from there, what is
 * not comes from disk and takes no frame. One thread.
 */
public final class PagesOfCut {
    /**
     * A page that is found nowhere may be held by the entry in flight, or on its way from one place to the next; after so many
     * looks, some seconds, it is lost.
     */
    private static final int LOOKS_MAX = 100_000;

    private final BufferPool pool;
    private final PageStore store;
    private final SnapshotHold hold;

    /** @param hold keeps the versions of its LSN; made with a spill */
    public PagesOfCut(BufferPool pool, PageStore store, SnapshotHold hold) {
        this.pool = pool;
        this.store = store;
        this.hold = hold;
    }

    /**
     * Ids of pages that an entry above the LSN has changed, in the hold's state; others may be among them, and in any order
     * and more than once. Memory first: what leaves it meanwhile has a row by then.
     */
    public void changedSince(long lsn, LongConsumer ids) {
        pool.changedSince(lsn, ids);
        store.changedSince(lsn, ids);
    }

    /**
     * Fills the target, one page, with the page as it is in the hold's state; its CRC field means nothing. False when that
     * version is not wanted: it is of an entry that the spill is not to keep, and the page has changed since.
     */
    public boolean read(long pageId, ByteBuffer target) {
        int start = target.position();
        boolean changed = false;
        for (int look = 0; look < LOOKS_MAX; look++) {
            target.position(start);
            if (readMemory(pageId, target) || readSpilled(pageId, target)) {
                target.position(start);
                return true;
            }
            hold.requireOpen();
            if (changed) {
                return false; // from that change on a version that is wanted was in memory or in the file
            }
            long lsn = readStored(pageId, target);
            target.position(start);
            if (lsn >= 0 && lsn <= hold.lsn) {
                return true;
            }
            // In memory alone, perhaps: a page that was never flushed has no row.
            changed = lsn > hold.lsn || pool.isLater(pageId, hold.lsn);
            if (!changed) {
                Backoff.pause(look);
            }
        }
        throw new TidemarkException(
                ErrorKind.FATAL, "no version of page " + pageId + " at LSN " + hold.lsn() + ", which a cut holds");
    }

    private boolean readMemory(long pageId, ByteBuffer target) {
        Frame frame = pool.pinIfThere(pageId, hold.lsn);
        if (frame == null) {
            return false;
        }
        try {
            target.put(target.position(), frame.page, 0, pool.pageBytes());
            return true;
        } finally {
            frame.unpin();
        }
    }

    private boolean readSpilled(long pageId, ByteBuffer target) {
        try {
            return hold.spill.read(pageId, target);
        } catch (IOException e) {
            throw new TidemarkException(
                    ErrorKind.UNAVAILABLE, "page " + pageId + " cannot be read from where it was put aside: " + e, e);
        }
    }

    /** LSN of the stored page; -1 when none is stored yet. */
    private long readStored(long pageId, ByteBuffer target) {
        try {
            int start = target.position();
            store.read(pageId, target);
            return PageHeader.lsn(target.duplicate().position(start));
        } catch (ColdPageException e) {
            store.fetch(pageId);
            return -1; // and look again
        } catch (TidemarkException e) {
            if (e.kind() == ErrorKind.NOT_FOUND) {
                return -1;
            }
            throw e;
        }
    }
}
