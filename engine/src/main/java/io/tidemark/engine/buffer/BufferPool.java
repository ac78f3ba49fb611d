package io.tidemark.engine.buffer;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.store.PageStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The frames of one engine; see the package. Thread-safe. */
public final class BufferPool implements PageSource {
    private final PageStore store;
    private final Slabs slabs;
    private final int capacity;
    private final FrameTable table;
    private final Replacement replacement;
    private final DirtyPageTable dirty = new DirtyPageTable();
    private final ArrayDeque<Frame> unused = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition loaded = lock.newCondition();
    private final Counter hits;
    private final Counter misses;
    private final Counter evictions;

    /** Frames that are clean but for a flush that has not ended. */
    private int flushingOnly;

    /**
     * @param poolBytes memory of all frames; the pool never takes more
     */
    public BufferPool(PageStore store, int pageBytes, long poolBytes, MetricRegistry metrics) {
        this.store = store;
        this.capacity = Math.toIntExact(poolBytes / pageBytes);
        this.slabs = new Slabs(pageBytes, capacity);
        this.table = new FrameTable(capacity);
        this.replacement = new Replacement(capacity);
        this.hits = metrics.counter("engine.pool.hits");
        this.misses = metrics.counter("engine.pool.misses");
        this.evictions = metrics.counter("engine.pool.evictions");
        metrics.gauge("engine.pool.frames", () -> () -> capacity);
        metrics.gauge("engine.pool.dirty", () -> this::unclean);
    }

    @Override
    public int pageBytes() {
        return slabs.pageBytes();
    }

    @Override
    public Frame pin(long pageId, Use use) {
        Frame frame;
        lock.lock();
        try {
            frame = find(pageId);
            if (frame != null) {
                frame.pins++;
                if (use == Use.POINT) {
                    replacement.used(frame);
                }
                hits.inc();
                return frame;
            }
            frame = take(pageId);
            frame.loading = true;
        } finally {
            lock.unlock();
        }
        misses.inc();
        load(frame);
        return frame;
    }

    /** A pinned frame for a page that is on no disk; its bytes are whatever was there. */
    public Frame pinNew(long pageId) {
        lock.lock();
        try {
            if (find(pageId) != null) {
                throw new IllegalStateException("page " + pageId + " is not new: it has a frame");
            }
            Frame frame = take(pageId);
            frame.isNew = true;
            replacement.entered(frame);
            return frame;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void unpin(Frame frame) {
        lock.lock();
        try {
            release(frame);
        } finally {
            lock.unlock();
        }
    }

    /** Whether the page is in a frame now. */
    public boolean holds(long pageId) {
        lock.lock();
        try {
            return find(pageId) != null;
        } finally {
            lock.unlock();
        }
    }

    /** Dirty or flushing frames: those that cannot be evicted whatever the readers do. */
    public int unclean() {
        lock.lock();
        try {
            return dirty.size() + flushingOnly;
        } finally {
            lock.unlock();
        }
    }

    void pinAgain(Frame frame) {
        lock.lock();
        try {
            frame.pins++;
        } finally {
            lock.unlock();
        }
    }

    /** Notes that the entry at {@code lsn} changes the page. */
    void markDirty(Frame frame, long lsn, long walBytes) {
        lock.lock();
        try {
            if (!frame.isDirty()) {
                dirty.add(frame, lsn, walBytes);
                if (frame.flushing) {
                    flushingOnly--;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    void unpinAll(List<Frame> frames) {
        lock.lock();
        try {
            for (int i = 0; i < frames.size(); i++) {
                release(frames.get(i));
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes up to {@code max} of the oldest dirty frames for a flush. The caller keeps the writer away until it has
     * copied their pages, and calls {@link #flushed} when the copies are durable; one flush at a time.
     */
    public Flush beginFlush(int max) {
        lock.lock();
        try {
            List<Frame> frames = new ArrayList<>(Math.min(max, dirty.size()));
            while (frames.size() < max && dirty.size() > 0) {
                Frame frame = dirty.takeOldest();
                frame.flushing = true;
                flushingOnly++;
                frames.add(frame);
            }
            Frame oldest = dirty.oldest();
            return oldest == null
                    ? new Flush(frames, Frame.NONE, 0)
                    : new Flush(frames, oldest.recLsn, oldest.recBytes);
        } finally {
            lock.unlock();
        }
    }

    /** The copies are on disk: frames that nobody changed meanwhile are clean. */
    public void flushed(Flush flush) {
        lock.lock();
        try {
            for (Frame frame : flush.frames()) {
                frame.flushing = false;
                if (!frame.isDirty()) {
                    flushingOnly--;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Frames being flushed, and where redo would begin without them.
     *
     * @param redoStart smallest recLSN of the frames left dirty, -1 when there is none
     * @param redoBytes WAL bytes appended before that LSN
     */
    public record Flush(List<Frame> frames, long redoStart, long redoBytes) {}

    private Frame find(long pageId) {
        Frame frame = table.find(pageId);
        while (frame != null && frame.loading) {
            loaded.awaitUninterruptibly();
            frame = table.find(pageId);
        }
        return frame;
    }

    private Frame take(long pageId) {
        Frame frame = unused.poll();
        if (frame == null) {
            frame = slabs.next();
        }
        if (frame == null) {
            frame = replacement.victim();
            if (frame == null) {
                throw new TidemarkException(
                        ErrorKind.UNAVAILABLE,
                        "no frame for page " + pageId + ": of " + capacity + " each is pinned, dirty or being flushed ("
                                + (dirty.size() + flushingOnly) + " are dirty); try again");
            }
            evictions.inc();
            table.remove(frame);
        }
        frame.pageId = pageId;
        frame.pins = 1;
        frame.entry = Frame.NONE;
        frame.changed = Frame.NONE;
        frame.isNew = false;
        table.add(frame);
        return frame;
    }

    private void load(Frame frame) {
        boolean read = false;
        try {
            store.read(frame.pageId, frame.page.clear());
            read = true;
        } catch (TidemarkException e) {
            throw e.kind() == ErrorKind.NOT_FOUND ? withoutRow(frame.pageId, e) : e;
        } finally {
            lock.lock();
            try {
                frame.page.clear();
                frame.loading = false;
                if (read) {
                    replacement.entered(frame);
                } else {
                    table.remove(frame);
                    frame.pins = 0;
                    frame.pageId = Frame.NONE;
                    unused.push(frame);
                }
                loaded.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Rule P1: a live page always has a row. */
    private static TidemarkException withoutRow(long pageId, TidemarkException cause) {
        return new TidemarkException(
                ErrorKind.CORRUPT,
                "page " + pageId + " is in use but its row is lost; rebuild the store from a good copy",
                cause);
    }

    private static void release(Frame frame) {
        if (frame.pins <= 0) {
            throw new IllegalStateException("page " + frame.pageId + " is not pinned");
        }
        frame.pins--;
    }
}
