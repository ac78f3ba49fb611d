package io.tidemark.engine.buffer;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.page.PageHeader;
import java.util.ArrayList;
import java.util.List;

/**
 * The pages that the entry in flight changes: pinned until its WAL block is complete, bounded by max-entry-pages
 * (rule E2), stamped with its LSN together (rule E4). Applying thread only.
 */
public final class EntryPages {
    private final BufferPool pool;
    private final int maxPages;
    private final List<Frame> frames = new ArrayList<>();
    private long lsn = Frame.NONE;
    private long walBytes;

    public EntryPages(BufferPool pool, int maxPages) {
        this.pool = pool;
        this.maxPages = maxPages;
    }

    /**
     * @param walBytes bytes appended to the WAL before this entry's block
     */
    public void begin(long lsn, long walBytes) {
        if (!frames.isEmpty()) {
            throw new IllegalStateException("entry " + lsn + " begins before " + this.lsn + " is complete");
        }
        this.lsn = lsn;
        this.walBytes = walBytes;
    }

    /** Keeps a pinned frame for this entry, once; the caller's own pin stays the caller's. */
    public void hold(Frame frame) {
        if (frame.entry == lsn) {
            return;
        }
        if (frames.size() == maxPages) {
            throw new TidemarkException(
                    ErrorKind.FATAL,
                    "entry " + lsn + " changes more than max-entry-pages = " + maxPages
                            + " pages; it should not have been proposed (rule E2)");
        }
        pool.pinAgain(frame);
        frame.entry = lsn;
        frames.add(frame);
    }

    public boolean isHeld(Frame frame) {
        return frame.entry == lsn;
    }

    /** Notes that the entry changes a page it holds. */
    public void change(Frame frame) {
        if (frame.changed == lsn) {
            return;
        }
        if (!isHeld(frame)) {
            throw new IllegalStateException("page " + frame.pageId() + " would change outside an entry (rule E6)");
        }
        pool.markDirty(frame, lsn, walBytes);
        frame.changed = lsn;
    }

    /** Pages held so far. */
    public int size() {
        return frames.size();
    }

    /** Stamps the changed pages with the entry's LSN and lets go of all: its WAL block is complete. */
    public void complete() {
        for (int i = 0; i < frames.size(); i++) {
            Frame frame = frames.get(i);
            if (frame.changed == lsn) {
                PageHeader.setLsn(frame.page(), lsn);
                frame.isNew = false;
            }
        }
        pool.unpinAll(frames);
        frames.clear();
    }
}
