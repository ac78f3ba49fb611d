package io.tidemark.engine.buffer;

/** Frames with changes that are not on disk, in order of their recLSN: the oldest decides where redo begins. */
final class DirtyPageTable {
    private Frame oldest;
    private Frame newest;
    private int size;

    int size() {
        return size;
    }

    /** The frame of the smallest recLSN, or null. */
    Frame oldest() {
        return oldest;
    }

    /** Adds a clean frame as changed by the entry at {@code lsn}, the newest so far. */
    void add(Frame frame, long lsn, long walBytes) {
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

    /** The page, its changes since recLSN included, goes on in another frame. */
    void replace(Frame frame, Frame by) {
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

    /** Takes out the oldest frame. */
    Frame takeOldest() {
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
