package io.tidemark.engine.buffer;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.page.PageHeader;
import io.tidemark.engine.store.PageStore;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** The frames of one engine; see the package. Thread-safe, but for what belongs to the applying thread. */
public final class BufferPool {
    /** A reader at this LSN gets the newest version. */
    static final long NEWEST = Frame.CURRENT - 1;

    private final PageStore store;
    private final Slabs slabs;
    private final int capacity;
    private final FrameTable table;
    private final OldVersions versions;
    private final Replacement replacement;
    private final DirtyPageTable dirty = new DirtyPageTable();
    private final ArrayDeque<Frame> unused = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition loaded = lock.newCondition();
    private final Counter misses;
    private final Counter evictions;
    private final Counter copies;
    private final OpenSnapshots snapshots;
    private final ReadTimes readTimes;
    private final LeafFilters filters;

    private volatile ReadAhead readAhead;

    /**
     * @param poolBytes memory of all frames; the pool never takes more
     * @param versionsMax frames that hold versions which are not the newest
     * @param readTimes of this pool alone
     */
    public BufferPool(
            PageStore store,
            int pageBytes,
            long poolBytes,
            int versionsMax,
            ActiveReaders readers,
            ReadTimes readTimes,
            MetricRegistry metrics) {
        this.store = store;
        this.capacity = Math.toIntExact(poolBytes / pageBytes);
        this.slabs = new Slabs(pageBytes, capacity);
        this.table = new FrameTable(capacity);
        this.versions = new OldVersions(versionsMax);
        this.readTimes = readTimes;
        this.replacement = new Replacement(capacity);
        this.filters = new LeafFilters(pageBytes, capacity, metrics);
        this.misses = metrics.counter("engine.pool.misses");
        this.evictions = metrics.counter("engine.pool.evictions");
        this.copies = metrics.counter("engine.pool.copies");
        this.snapshots = new OpenSnapshots(lock, versions, readers, this::giveBack, metrics);
        metrics.gauge("engine.pool.frames", () -> () -> capacity);
        metrics.gauge("engine.pool.dirty", () -> this::unclean);
    }

    public int pageBytes() {
        return slabs.pageBytes();
    }

    /** Who keeps versions that are not the newest. */
    public OpenSnapshots snapshots() {
        return snapshots;
    }

    /** Pages that had to be read from disk. */
    public long misses() {
        return misses.getCount();
    }

    /**
     * The version of the page that is valid at the LSN, in a frame that stays until {@link #unpin}; null when there is
     * none, which cannot be while an open snapshot or an active reader is at that LSN.
     */
    Frame pin(long pageId, long lsn, Use use) {
        Frame frame = table.find(pageId);
        if (frame != null && frame.tryPin()) {
            if (frame.isOf(pageId, lsn)) {
                return used(frame, use);
            }
            frame.unpin();
        }
        return pinSlowly(pageId, lsn, use);
    }

    private Frame pinSlowly(long pageId, long lsn, Use use) {
        Frame frame;
        lock.lock();
        try {
            frame = current(pageId);
            if (frame != null && frame.from <= lsn && frame.tryPin()) {
                return used(frame, use);
            }
            Frame old = versions.find(pageId, lsn);
            if (old != null && old.tryPin()) {
                return old;
            }
            if (frame != null) {
                return null;
            }
            frame = take(pageId, Frame.LOADING);
        } finally {
            lock.unlock();
        }
        misses.inc();
        load(frame, use);
        if (frame.from <= lsn) {
            return frame;
        }
        frame.unpin();
        return null;
    }

    /** Whether the leaf is not in memory, and it is known that the key is not in its version that is valid at the LSN. */
    boolean lacks(long pageId, long lsn, byte[] key) {
        return table.find(pageId) == null && filters.lacks(pageId, lsn, key);
    }

    /** A key was not in the leaf where it would be. */
    void keyNotFound() {
        filters.keyNotFound();
    }

    /** As {@link #pin}, but never reads; null when no version that is valid at the LSN is in memory. */
    Frame pinIfThere(long pageId, long lsn) {
        lock.lock();
        try {
            Frame frame = current(pageId);
            if (frame != null && frame.from <= lsn && frame.tryPin()) {
                return frame;
            }
            Frame old = versions.find(pageId, lsn);
            return old != null && old.tryPin() ? old : null;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the newest version of the page is in memory, and of an entry above the LSN. */
    boolean isLater(long pageId, long lsn) {
        lock.lock();
        try {
            Frame frame = current(pageId);
            return frame != null && frame.from > lsn;
        } finally {
            lock.unlock();
        }
    }

    /** Ids of pages of which a version in memory is of an entry above the LSN; others may be among them. */
    void changedSince(long lsn, LongConsumer ids) {
        Consumer<Frame> visitor = frame -> {
            if (frame.from > lsn) {
                ids.accept(frame.pageId);
            }
        };
        lock.lock();
        try {
            table.forEach(visitor);
            versions.forEach(visitor);
        } finally {
            lock.unlock();
        }
    }

    void readAheadBy(ReadAhead newReadAhead) {
        readAhead = newReadAhead;
    }

    /** A scan will come to this page; it is read ahead where that takes long. */
    void willWant(long pageId) {
        ReadAhead reader = readAhead;
        if (reader != null && (readTimes.areSlow() || store.isCold(pageId)) && table.find(pageId) == null) {
            reader.want(pageId);
        }
    }

    /** Reads the page if it has no frame; false when it has. */
    public boolean bring(long pageId, Use use) {
        Frame frame;
        lock.lock();
        try {
            if (table.find(pageId) != null) {
                return false;
            }
            frame = take(pageId, Frame.LOADING);
        } finally {
            lock.unlock();
        }
        load(frame, use);
        frame.unpin();
        return true;
    }

    private static Frame used(Frame frame, Use use) {
        if (use == Use.POINT) {
            Replacement.used(frame);
        }
        return frame;
    }

    void unpin(Frame frame) {
        frame.unpin();
    }

    /** The frame of the newest version, when there is one; no pin comes with it. */
    Frame find(long pageId) {
        Frame frame = table.find(pageId);
        if (frame != null) {
            return frame;
        }
        lock.lock();
        try {
            return table.find(pageId);
        } finally {
            lock.unlock();
        }
    }

    /** Whether the page is in a frame now. */
    public boolean holds(long pageId) {
        lock.lock();
        try {
            return current(pageId) != null;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the page could be pinned without a look at the disk. Takes the lock only where it has no frame. */
    public boolean hasFrame(long pageId) {
        return find(pageId) != null;
    }

    /** Whether the page has changes that are not on disk. */
    public boolean isUnclean(long pageId) {
        lock.lock();
        try {
            Frame frame = table.find(pageId);
            return frame != null && !frame.isClean();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the page's frame was used since this was last asked, or not long before; a hint. */
    public boolean wasUsed(long pageId) {
        Frame frame = table.find(pageId);
        return frame != null && Replacement.usedUp(frame);
    }

    /** What pages are read from. */
    PageStore store() {
        return store;
    }

    /** Fetches a page that is not on the local disk, nor in a frame by now, so that it can be read; see {@link PageStore#fetch}. */
    public void fetch(long pageId) {
        store.fetch(pageId, () -> !hasFrame(pageId));
    }

    /** Dirty or flushing frames: those that cannot be evicted whatever the readers do. */
    public int unclean() {
        lock.lock();
        try {
            return dirty.unclean();
        } finally {
            lock.unlock();
        }
    }

    /** A frame for a page that is on no disk, closed to all but the entry at this LSN; its bytes are whatever was there. */
    Frame create(long pageId, long lsn) {
        lock.lock();
        try {
            if (current(pageId) != null) {
                throw new IllegalStateException("page " + pageId + " is not new: it has a frame");
            }
            Frame frame = take(pageId, Frame.WRITING);
            frame.isNew = true;
            frame.from = lsn;
            return frame;
        } finally {
            lock.unlock();
        }
    }

    /** A copy of a pinned page, closed to all but the entry at this LSN, which makes the page old. */
    Frame copy(Frame frame, long lsn) {
        Frame copy;
        lock.lock();
        try {
            copy = takeFrame(frame.pageId);
        } finally {
            lock.unlock();
        }
        copy.pageId = frame.pageId;
        copy.from = lsn;
        copy.copied = frame;
        copy.page.put(0, frame.page, 0, pageBytes());
        copy.close(Frame.WRITING);
        copies.inc();
        lock.lock();
        try {
            versions.add(frame, lsn);
            table.replace(frame, copy);
        } finally {
            lock.unlock();
        }
        return copy;
    }

    /** The entry's block is complete: what it changed is as of its LSN, and open to readers at or above it. */
    void complete(List<Frame> frames, long lsn, long walBytes) {
        lock.lock();
        try {
            for (int i = 0; i < frames.size(); i++) {
                Frame frame = frames.get(i);
                if (frame.changed == lsn) {
                    changed(frame, lsn, walBytes);
                } else {
                    unchanged(frame);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void changed(Frame frame, long lsn, long walBytes) {
        PageHeader.setLsn(frame.page, lsn);
        frame.from = lsn;
        filters.forget(frame.pageId);
        Frame old = frame.copied;
        frame.copied = null;
        if (old != null) {
            replacement.replace(old, frame);
            dirty.succeed(old, frame, lsn, walBytes);
            versions.settle(old);
            letGo(old);
        } else {
            if (frame.isNew) {
                frame.isNew = false;
                replacement.entered(frame);
            }
            dirty.changed(frame, lsn, walBytes);
        }
        reopen(frame);
    }

    private void unchanged(Frame frame) {
        Frame old = frame.copied;
        if (frame.isNew) {
            throw new IllegalStateException("page " + frame.pageId + " was made and not formatted");
        }
        if (old == null) {
            reopen(frame);
            return;
        }
        frame.copied = null;
        versions.takeBack(old);
        table.replace(frame, old);
        letGo(old);
        frame.writerPins = 0;
        frame.close(Frame.FREE);
        giveBack(frame);
    }

    private static void reopen(Frame frame) {
        if (--frame.writerPins != 0) {
            throw new IllegalStateException(
                    "page " + frame.pageId + " has " + frame.writerPins + " pins left at the end of its entry");
        }
        frame.open(0);
    }

    private static void letGo(Frame frame) {
        if (--frame.writerPins == 0) {
            frame.unpin();
        }
    }

    /**
     * Takes up to {@code max} of the oldest dirty frames for a flush, pinned. The caller keeps the writer away for the
     * call only: it gives the pins back by {@link Flush#copied} when it has copied the pages, which the writer
     * copies too if it has to change them before. It calls {@link #flushed} when its copies are durable; one flush at a
     * time.
     */
    public Flush beginFlush(int max) {
        lock.lock();
        try {
            return dirty.beginFlush(max);
        } finally {
            lock.unlock();
        }
    }

    /** The copies are on disk: frames that nobody changed meanwhile are clean. */
    public void flushed(Flush flush) {
        lock.lock();
        try {
            dirty.flushed(flush);
        } finally {
            lock.unlock();
        }
    }

    /** The page's newest frame, once it is loaded. */
    private Frame current(long pageId) {
        Frame frame = table.find(pageId);
        while (frame != null && frame.pins() == Frame.LOADING) {
            loaded.awaitUninterruptibly();
            frame = table.find(pageId);
        }
        return frame;
    }

    private Frame take(long pageId, int state) {
        Frame frame = takeFrame(pageId);
        frame.pageId = pageId;
        frame.close(state);
        table.add(frame);
        return frame;
    }

    private Frame takeFrame(long pageId) {
        Frame frame = unused.poll();
        if (frame == null) {
            frame = slabs.next();
        }
        if (frame == null) {
            snapshots.letGo();
            frame = unused.poll();
        }
        if (frame == null) {
            frame = evict(pageId);
        }
        frame.until = Frame.CURRENT;
        frame.entry = Frame.NONE;
        frame.changed = Frame.NONE;
        frame.isNew = false;
        return frame;
    }

    private Frame evict(long pageId) {
        Frame frame;
        do {
            frame = replacement.victim();
            if (frame == null) {
                return givenBack(pageId);
            }
            evictions.inc();
            table.remove(frame);
        } while (filters.keeps(frame));
        return frame;
    }

    private Frame givenBack(long pageId) {
        Frame frame = filters.giveBack();
        if (frame == null) {
            throw new TidemarkException(
                    ErrorKind.UNAVAILABLE,
                    "no frame for page " + pageId + ": of " + capacity + " each is pinned, dirty, being flushed ("
                            + dirty.unclean() + " are dirty) or an old version (" + versions.size()
                            + "); try again");
        }
        return frame;
    }

    /** Keeps a closed frame for the next page. */
    private void giveBack(Frame frame) {
        frame.pageId = Frame.NONE;
        unused.push(frame);
    }

    private void load(Frame frame, Use use) {
        boolean read = false;
        try {
            long begun = readTimes.begin();
            store.read(frame.pageId, frame.page.clear(), use == Use.POINT);
            readTimes.ended(begun);
            read = true;
        } catch (TidemarkException e) {
            throw e.kind() == ErrorKind.NOT_FOUND ? withoutRow(frame.pageId, e) : e;
        } finally {
            lock.lock();
            try {
                frame.page.clear();
                if (read) {
                    frame.from = PageHeader.lsn(frame.page);
                    replacement.entered(frame);
                    frame.open(1);
                } else {
                    table.remove(frame);
                    frame.close(Frame.FREE);
                    giveBack(frame);
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
}
