package io.tidemark.engine.buffer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;

/**
 * Page id to the frame of its newest version: an open hash table, at most half full, that is read without a lock and
 * changed under the pool's. A reader may miss a frame that is being moved, or find one that has just left; so what it
 * finds is checked with a pin, and what it misses is looked for again under the lock.
 */
final class FrameTable {
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Frame[].class);

    private final Frame[] slots;
    private final int mask;

    FrameTable(int frames) {
        slots = new Frame[Integer.highestOneBit(Math.max(1, frames)) * 4];
        mask = slots.length - 1;
    }

    /** The page's frame or null; certain only under the lock. */
    Frame find(long pageId) {
        int at = home(pageId);
        for (int steps = 0; steps <= mask; steps++) {
            Frame frame = (Frame) SLOT.getAcquire(slots, at);
            if (frame == null || frame.pageId == pageId) {
                return frame;
            }
            at = at + 1 & mask;
        }
        return null;
    }

    void add(Frame frame) {
        int at = home(frame.pageId);
        while (slots[at] != null) {
            at = at + 1 & mask;
        }
        SLOT.setRelease(slots, at, frame);
    }

    /** Puts another frame of the same page in this one's place. */
    void replace(Frame frame, Frame by) {
        SLOT.setRelease(slots, slotOf(frame), by);
    }

    /** Closes the gap, so that no search ends too early under the lock. */
    void remove(Frame frame) {
        int gap = slotOf(frame);
        int at = gap;
        while (true) {
            at = at + 1 & mask;
            Frame next = slots[at];
            if (next == null) {
                SLOT.setRelease(slots, gap, null);
                return;
            }
            boolean mayMove = (at - home(next.pageId) & mask) >= (at - gap & mask);
            if (mayMove) {
                SLOT.setRelease(slots, gap, next);
                gap = at;
            }
        }
    }

    /** Every frame; under the lock. */
    void forEach(Consumer<Frame> visitor) {
        for (Frame frame : slots) {
            if (frame != null) {
                visitor.accept(frame);
            }
        }
    }

    private int slotOf(Frame frame) {
        int at = home(frame.pageId);
        while (slots[at] != frame) {
            if (slots[at] == null) {
                throw new IllegalStateException("page " + frame.pageId + " has no such frame");
            }
            at = at + 1 & mask;
        }
        return at;
    }

    private int home(long pageId) {
        return (int) ((pageId * 0x9E3779B97F4A7C15L) >>> 32) & mask;
    }
}
