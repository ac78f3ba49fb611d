package io.tidemark.engine.buffer;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.page.PageHeader;
import io.tidemark.engine.store.ColdPageException;
import io.tidemark.engine.store.PageImage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The pages as the entry in flight sees them, and those that it changes: held until its WAL block is complete, bounded by
 * max-entry-pages (rule E2), stamped with its LSN together (rule E4). Applying thread only.
 *
 * <p>What a reader may still need is changed in a copy (rule E5). A brief entry that begins while nobody reads changes
 * pages where they are, but for those that an open snapshot needs; readers that come meanwhile wait for its end. Any
 * other entry copies each page it changes, and readers go on at the boundary before it. Which way an entry goes shows in
 * no byte of a page.
 */
public final class EntryPages implements PageSource {
    private enum Mode {
        UNDECIDED,
        IN_PLACE,
        COPYING
    }

    private static final long NO_ENTRY = Frame.NONE - 1;

    private final BufferPool pool;
    private final ActiveReaders readers;
    private final int maxPages;
    private final ColdWait waits;
    private final List<Frame> frames = new ArrayList<>();

    /** Pages that were not on the local disk, as they were before this entry changed them. */
    private final List<PageImage> cold = new ArrayList<>();

    private Mode mode = Mode.UNDECIDED;
    private boolean brief;
    private long lsn = NO_ENTRY;
    private long walBytes;
    private long pinned;

    public EntryPages(BufferPool pool, ActiveReaders readers, int maxPages) {
        this.pool = pool;
        this.readers = readers;
        this.maxPages = maxPages;
        this.waits = new ColdWait(pool.store());
    }

    /** What the applying thread waits for when a page has to be fetched. */
    public ColdWait waits() {
        return waits;
    }

    /**
     * @param walBytes bytes appended to the WAL before this entry's block
     * @param isBrief whether readers can be asked to wait for its end
     */
    public void begin(long entryLsn, long walBytes, boolean isBrief) {
        if (!frames.isEmpty()) {
            throw new IllegalStateException("entry " + entryLsn + " begins before " + lsn + " is complete");
        }
        cold.clear();
        this.lsn = entryLsn;
        this.walBytes = walBytes;
        this.brief = isBrief;
        this.mode = Mode.UNDECIDED;
    }

    /** The newest version, with what the entry in flight has changed. */
    @Override
    public Frame pin(long pageId, Use use) {
        pinned++;
        Frame frame = pool.find(pageId);
        if (frame == null || frame.writerPins == 0) {
            frame = pinned(pageId, use);
        }
        frame.writerPins++;
        return frame;
    }

    private Frame pinned(long pageId, Use use) {
        while (true) {
            try {
                return pool.pin(pageId, BufferPool.NEWEST, use);
            } catch (ColdPageException e) {
                waits.fetch(pageId);
            }
        }
    }

    @Override
    public void unpin(Frame frame) {
        if (frame.writerPins <= 0) {
            throw new IllegalStateException("page " + frame.pageId + " is not pinned by the writer");
        }
        if (--frame.writerPins == 0) {
            frame.unpin();
        }
    }

    @Override
    public int pageBytes() {
        return pool.pageBytes();
    }

    /** Pins taken since the engine was opened. */
    public long pinned() {
        return pinned;
    }

    /** The page's frame, held for this entry to change; it need not be the one that was pinned before. */
    public Frame hold(long pageId) {
        Frame frame = pin(pageId, Use.POINT);
        if (frame.entry == lsn) {
            frame.writerPins--;
            return frame;
        }
        if (pool.store().isCold(pageId)) {
            cold.add(image(frame));
        }
        // The pin on what is there now is kept to the entry's end.
        return held(changeable(frame));
    }

    /** A frame for a page that is on no disk, held for this entry to format. */
    public Frame create(long pageId) {
        return held(pool.create(pageId, lsn));
    }

    private Frame held(Frame frame) {
        if (frames.size() == maxPages) {
            throw new TidemarkException(
                    ErrorKind.FATAL,
                    "entry " + lsn + " changes more than max-entry-pages = " + maxPages
                            + " pages; it should not have been proposed (rule E2)");
        }
        if (frame.isNew || frame.copied != null) {
            frame.writerPins = 1;
        }
        frame.entry = lsn;
        frames.add(frame);
        return frame;
    }

    public boolean isHeld(Frame frame) {
        return frame.entry == lsn;
    }

    /** Notes that the entry changes a page it holds. */
    public void change(Frame frame) {
        if (frame.entry != lsn) {
            throw new IllegalStateException("page " + frame.pageId() + " would change outside an entry (rule E6)");
        }
        frame.changed = lsn;
    }

    /** Pages held so far. */
    public int size() {
        return frames.size();
    }

    private PageImage image(Frame frame) {
        ByteBuffer copy = ByteBuffer.allocate(pageBytes()).put(0, frame.page, 0, pageBytes());
        int crc = PageHeader.seal(copy);
        return new PageImage(frame.pageId, PageHeader.lsn(copy), crc, copy);
    }

    /**
     * Before the entry's block is in the log: what it changes and was not on the local disk is there now, as it was, so that
     * the block can be redone from local files alone (rule CT1).
     */
    public void bringBack() {
        if (!cold.isEmpty()) {
            pool.store().admit(cold);
            cold.clear();
        }
    }

    /** Stamps the changed pages with the entry's LSN and lets go of all: its WAL block is complete. */
    public void complete() {
        pool.complete(frames, lsn, walBytes);
        frames.clear();
        lsn = NO_ENTRY;
    }

    /** The entry is published: versions that its newcomers do not need may go. */
    public void published() {
        pool.snapshots().letGo();
    }

    private Frame changeable(Frame frame) {
        if (mode == Mode.UNDECIDED) {
            mode = brief && readers.shutOutIfNone() ? Mode.IN_PLACE : Mode.COPYING;
        }
        for (int round = 0; ; round++) {
            if (mode == Mode.IN_PLACE && !isNeeded(frame) && frame.tryExclusive()) {
                return frame;
            }
            if (pool.snapshots().haveRoom()) {
                return pool.copy(frame, lsn);
            }
            if (mode == Mode.COPYING) {
                readers.shutOut();
                mode = Mode.IN_PLACE;
            } else if (!isNeeded(frame) || !pool.snapshots().makeRoom()) {
                if (pool.snapshots().putAside(frame) && frame.tryExclusive()) {
                    return frame;
                }
                Backoff.pause(round); // for a flush to copy the page, or a reader to see that it is not its page
            }
        }
    }

    private boolean isNeeded(Frame frame) {
        return pool.snapshots().newestLsn() >= frame.from;
    }
}
