package io.tidemark.engine.buffer;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.page.PageHeader;
import io.tidemark.engine.store.PageStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The frames of one engine; see the package. Thread-safe, but for what belongs to the applying thread. */
public final class BufferPool {
    /** A reader at this LSN gets the newest version. */
    static final long NEWEST = Frame.CURRENT - 1;

    private final PageStore store;
    private final ActiveReaders readers;
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
    private final Counter snapshotsTooOld;

    /** Frames that are clean but for a flush that has not ended. */
    private int flushingOnly;

    /**
     * @param poolBytes memory of all frames; the pool never takes more
     * @param versionsMax frames that hold versions which are not the newest
     */
    public BufferPool(
            PageStore store,
            int pageBytes,
            long poolBytes,
            int versionsMax,
            ActiveReaders readers,
            MetricRegistry metrics) {
        this.store = store;
        this.readers = readers;
        this.capacity = Math.toIntExact(poolBytes / pageBytes);
        this.slabs = new Slabs(pageBytes, capacity);
        this.table = new FrameTable(capacity);
        this.versions = new OldVersions(versionsMax);
        this.replacement = new Replacement(capacity);
        this.misses = metrics.counter("engine.pool.misses");
        this.evictions = metrics.counter("engine.pool.evictions");
        this.copies = metrics.counter("engine.pool.copies");
        this.snapshotsTooOld = metrics.counter("engine.snapshots.too.old");
        metrics.gauge("engine.pool.frames", () -> () -> capacity);
        metrics.gauge("engine.pool.dirty", () -> this::unclean);
        metrics.gauge("engine.pool.old.versions", () -> this::oldVersions);
        metrics.gauge("engine.snapshots.open", () -> this::snapshots);
    }

    public int pageBytes() {
        return slabs.pageBytes();
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
        load(frame);
        if (frame.from <= lsn) {
            return frame;
        }
        frame.unpin();
        return null;
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

    /** Dirty or flushing frames: those that cannot be evicted whatever the readers do. */
    public int unclean() {
        lock.lock();
        try {
            return dirty.size() + flushingOnly;
        } finally {
            lock.unlock();
        }
    }

    /** Frames of versions that are not the newest. */
    public int oldVersions() {
        lock.lock();
        try {
            return versions.size();
        } finally {
            lock.unlock();
        }
    }

    private int snapshots() {
        lock.lock();
        try {
            return versions.snapshots();
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

    /** LSN of the newest open snapshot, below every LSN when there is none. */
    long newestSnapshot() {
        return versions.newestOpen();
    }

    /** LSN of the oldest open snapshot, {@link Long#MAX_VALUE} when there is none. */
    public long oldestSnapshot() {
        lock.lock();
        try {
            return versions.oldestOpen();
        } finally {
            lock.unlock();
        }
    }

    /** Whether one more version may be kept; lets go of those that nobody needs. */
    boolean hasRoomForVersion() {
        lock.lock();
        try {
            if (versions.isFull()) {
                sweep();
            }
            return !versions.isFull();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the oldest snapshot; false when none is open. */
    boolean giveUpOldestSnapshot() {
        lock.lock();
        try {
            boolean gaveUp = versions.giveUpOldest();
            if (gaveUp) {
                snapshotsTooOld.inc();
                sweep();
            }
            return gaveUp;
        } finally {
            lock.unlock();
        }
    }

    /** Keeps the versions of this LSN, at which the caller is an active reader. */
    public SnapshotHold openSnapshot(long lsn) {
        lock.lock();
        try {
            return versions.open(lsn);
        } finally {
            lock.unlock();
        }
    }

    public void closeSnapshot(SnapshotHold hold) {
        lock.lock();
        try {
            if (hold.isOpen()) {
                hold.closed();
                versions.close(hold);
                sweep();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets go of the versions that nobody needs any more. */
    void letOldVersionsGo() {
        lock.lock();
        try {
            if (versions.isAnyWaiting()) {
                sweep();
            }
        } finally {
            lock.unlock();
        }
    }

    private void sweep() {
        versions.sweep(readers.oldestLsn(), this::giveBack);
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
        Frame old = frame.copied;
        frame.copied = null;
        if (old != null) {
            replacement.replace(old, frame);
            succeed(old, frame, lsn, walBytes);
            versions.settle(old);
            letGo(old);
        } else {
            if (frame.isNew) {
                frame.isNew = false;
                replacement.entered(frame);
            }
            markDirty(frame, lsn, walBytes);
        }
        reopen(frame);
    }

    /** What is not on disk of the old version is not on disk of the new one. */
    private void succeed(Frame old, Frame frame, long lsn, long walBytes) {
        if (old.flushing) {
            old.flushing = false;
            flushingOnly -= old.isDirty() ? 0 : 1;
        }
        if (old.isDirty()) {
            dirty.replace(old, frame);
        } else {
            dirty.add(frame, lsn, walBytes);
        }
    }

    private void markDirty(Frame frame, long lsn, long walBytes) {
        if (!frame.isDirty()) {
            dirty.add(frame, lsn, walBytes);
            flushingOnly -= frame.flushing ? 1 : 0;
        }
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
     * call only: it gives the pins back by {@link #unpin(Flush, int)} when it has copied the pages, which the writer
     * copies too if it has to change them before. It calls {@link #flushed} when its copies are durable; one flush at a
     * time.
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
                if (!frame.tryPin()) {
                    throw new IllegalStateException("page " + frame.pageId + " is flushed within an entry");
                }
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
            for (int i = 0; i < flush.frames().size(); i++) {
                Frame frame = flush.frames().get(i);
                // A frame whose page went on in another one is not flushing any more, and may be of another page.
                if (frame.flushing) {
                    frame.flushing = false;
                    flushingOnly -= frame.isDirty() ? 0 : 1;
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
    public record Flush(List<Frame> frames, long redoStart, long redoBytes) {
        /** Gives back one frame's pin, once: its page has been copied. */
        public void copied(int index) {
            frames.get(index).unpin();
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
        if (frame == null && versions.isAnyWaiting()) {
            sweep();
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
        Frame frame = replacement.victim();
        if (frame == null) {
            throw new TidemarkException(
                    ErrorKind.UNAVAILABLE,
                    "no frame for page " + pageId + ": of " + capacity + " each is pinned, dirty, being flushed ("
                            + (dirty.size() + flushingOnly) + " are dirty) or an old version (" + versions.size()
                            + "); try again");
        }
        evictions.inc();
        table.remove(frame);
        return frame;
    }

    /** Keeps a closed frame for the next page. */
    private void giveBack(Frame frame) {
        frame.pageId = Frame.NONE;
        unused.push(frame);
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
