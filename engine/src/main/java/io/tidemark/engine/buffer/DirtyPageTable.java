package io.tidemark.engine.buffer;

import java.util.ArrayList;
import java.util.List;

/**
 * Frames with changes that are not on disk, in order of their recLSN: the oldest decides where redo begins; and those
 * whose changes are on their way there. Guarded by the pool's lock.
 */
final class DirtyPageTable {
    private Frame oldest;
    private Frame newest;
    private int size;

    /** Frames that are clean but for a flush that has not ended. */
    private int flushingOnly;

    /** Dirty or flushing frames. */
    int unclean() {
        return size + flushingOnly;
    }

    /** The entry at {@code lsn}, the newest so far, has changed the page. */
    void changed(Frame frame, long lsn, long walBytes) {
        if (!frame.isDirty()) {
            add(frame, lsn, walBytes);
            flushingOnly -= frame.flushing ? 1 : 0;
        }
    }

    /** As {@link #changed}, in a copy: what is not on disk of the old version is not on disk of the new one. */
    void succeed(Frame old, Frame frame, long lsn, long walBytes) {
        if (old.flushing) {
            old.flushing = false;
            flushingOnly -= old.isDirty() ? 0 : 1;
        }
        if (old.isDirty()) {
            replace(old, frame);
        } else {
            add(frame, lsn, walBytes);
        }
    }

    /** Takes out up to {@code max} of the oldest frames, and pins them. */
    Flush beginFlush(int max) {
        List<Frame> frames = new ArrayList<>(Math.min(max, size));
        while (frames.size() < max && size > 0) {
            Frame frame = takeOldest();
            frame.flushing = true;
            flushingOnly++;
            frames.add(frame);
            if (!frame.tryPin()) {
                throw new IllegalStateException("page " + frame.pageId + " is flushed within an entry");
            }
        }
        return oldest == null ? new Flush(frames, Frame.NONE, 0) : new Flush(frames, oldest.recLsn, oldest.recBytes);
    }

    void flushed(Flush flush) {
        for (int i = 0; i < flush.frames().size(); i++) {
            Frame frame = flush.frames().get(i);
            // A frame whose page went on in another one is not flushing any more, and may be of another page.
            if (frame.flushing) {
                frame.flushing = false;
                flushingOnly -= frame.isDirty() ? 0 : 1;
            }
        }
    }

    private void add(Frame frame, long lsn, long walBytes) {
        if (frame.isDirty() || (newest != null && newest.recLsn > lsn)) {
            throw new IllegalStateException("page " + frame.pageId + " with recLSN " + frame.recLsn
                    + " cannot become dirty at " + lsn + "; newest recLSN " + (newest == null ? -1 : newest.recLsn));
        }
        frame.recLsn = lsn;
        frame.recBytes = walBytes;
        frame.dirtyNext = null;
        frame.dirtyPrevious = newest;
        if (newest == null) {
            oldest = frame;
        } else {
            newest.dirtyNext = frame;
        }
        newest = frame;
        size++;
    }

    private void replace(Frame frame, Frame by) {
        by.recLsn = frame.recLsn;
        by.recBytes = frame.recBytes;
        by.dirtyNext = frame.dirtyNext;
        by.dirtyPrevious = frame.dirtyPrevious;
        if (by.dirtyNext == null) {
            newest = by;
        } else {
            by.dirtyNext.dirtyPrevious = by;
        }
        if (by.dirtyPrevious == null) {
            oldest = by;
        } else {
            by.dirtyPrevious.dirtyNext = by;
        }
        leave(frame);
    }

    private Frame takeOldest() {
        Frame frame = oldest;
        oldest = frame.dirtyNext;
        if (oldest == null) {
            newest = null;
        } else {
            oldest.dirtyPrevious = null;
        }
        leave(frame);
        size--;
        return frame;
    }

    private static void leave(Frame frame) {
        frame.dirtyNext = null;
        frame.dirtyPrevious = null;
        frame.recLsn = Frame.NONE;
    }
}
