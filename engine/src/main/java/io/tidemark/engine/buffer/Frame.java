package io.tidemark.engine.buffer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * A place for one version of a page: its bytes from the entry at {@link #from} on, until the entry at {@link #until}.
 *
 * <p>The bytes, {@link #pageId} and {@link #from} may be read by whoever holds a pin and are written only while nobody
 * can: pins are taken by compare-and-set from zero upwards, and a frame that is free, being loaded or being changed has
 * a negative count. Fields without another word are guarded by the pool's lock.
 */
public final class Frame {
    static final long NONE = -1;

    /** {@link #until} of the newest version. */
    static final long CURRENT = Long.MAX_VALUE;

    /** No page, or one on its way out. */
    static final int FREE = -1;

    /** Its page is being read from disk. */
    static final int LOADING = -2;

    /** The entry in flight changes it. */
    static final int WRITING = -3;

    private static final VarHandle PINS;

    static {
        try {
            PINS = MethodHandles.lookup().findVarHandle(Frame.class, "pins", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final ByteBuffer page;

    private volatile int pins = FREE;

    long pageId = NONE;

    /** LSN of the last entry that changed the page: the page LSN. */
    long from;

    volatile long until = CURRENT;

    /** LSN of the oldest change that is not on disk, {@link #NONE} when the page has none that is not being flushed. */
    long recLsn = NONE;

    /** WAL bytes appended before that change. */
    long recBytes;

    /** A copy of the page is on its way to disk. */
    boolean flushing;

    /** Hits since the replacement last looked, at most 3; a hint, written without a lock. */
    int uses;

    /** Pins of the applying thread, which together are one of {@link #pins}. Applying thread only, as the rest here. */
    int writerPins;

    /** LSN of the entry in flight that holds the frame. */
    long entry = NONE;

    /** LSN of the entry in flight that has changed the page. */
    long changed = NONE;

    /** The version that the entry in flight has copied to this frame, to change it here. */
    Frame copied;

    boolean isNew;

    Replacement.Queue queue;
    Frame queueNext;
    Frame queuePrevious;
    Frame dirtyNext;
    Frame dirtyPrevious;
    Frame bucketNext;
    Frame listNext;

    Frame(ByteBuffer page) {
        this.page = page;
    }

    /** The page at index 0; absolute access only. */
    public ByteBuffer page() {
        return page;
    }

    public long pageId() {
        return pageId;
    }

    /** Whether the page was never stored and no entry has completed it: its bytes mean nothing yet. */
    public boolean isNew() {
        return isNew;
    }

    /** Whether these are the page's bytes for a reader at this LSN; ask with a pin. */
    boolean isOf(long page, long lsn) {
        return pageId == page && from <= lsn && lsn < until;
    }

    /** Takes a pin, unless the frame has no page that could be read now. */
    boolean tryPin() {
        int now = pins;
        while (now >= 0) {
            if (PINS.compareAndSet(this, now, now + 1)) {
                return true;
            }
            Thread.onSpinWait();
            now = pins;
        }
        return false;
    }

    void unpin() {
        int before = (int) PINS.getAndAdd(this, -1);
        if (before <= 0) {
            throw new IllegalStateException("page " + pageId + " is not pinned: " + before);
        }
    }

    /** Closes an unpinned frame to everybody. */
    boolean tryFree() {
        return PINS.compareAndSet(this, 0, FREE);
    }

    /** Closes a frame to everybody but the one who has the only pin. */
    boolean tryExclusive() {
        return PINS.compareAndSet(this, 1, WRITING);
    }

    /** Opens a frame that was closed; its fields are seen by whoever pins it afterwards. */
    void open(int pinned) {
        PINS.setRelease(this, pinned);
    }

    /** Closes a frame that nobody else can reach; {@link #FREE}, {@link #LOADING} or {@link #WRITING}. */
    void close(int state) {
        PINS.setRelease(this, state);
    }

    int pins() {
        return pins;
    }

    boolean isDirty() {
        return recLsn != NONE;
    }

    boolean isClean() {
        return !isDirty() && !flushing;
    }
}
