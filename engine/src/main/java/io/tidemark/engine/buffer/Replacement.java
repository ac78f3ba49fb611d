package io.tidemark.engine.buffer;

import java.util.Arrays;

/**
 * Which frame goes when a page comes: two queues and the ids of pages that left the first one lately (S3-FIFO; Yang et
 * al., SOSP 2023). A page enters the small queue; if it is used again before it reaches the end it moves to the main
 * queue, if not it goes, and comes back into the main queue should it be missed soon. A long scan passes through the
 * small queue and leaves the main one alone.
 */
final class Replacement {
    private static final int USES_MAX = 3;
    private static final int SMALL_SHARE = 10;

    private final Queue small = new Queue();
    private final Queue main = new Queue();
    private final int smallTarget;
    private final long[] lately;

    Replacement(int frames) {
        smallTarget = Math.max(1, frames / SMALL_SHARE);
        lately = new long[Integer.highestOneBit(frames) * 2];
        Arrays.fill(lately, Frame.NONE);
    }

    /** The frame has got its page. */
    void entered(Frame frame) {
        frame.uses = 0;
        boolean missedSoon = lately[trace(frame.pageId)] == frame.pageId;
        (missedSoon ? main : small).add(frame);
    }

    /** Notes a hit; without a lock, for it is only a hint. */
    static void used(Frame frame) {
        int uses = frame.uses;
        if (uses < USES_MAX) {
            frame.uses = uses + 1;
        }
    }

    /** Takes one use back, if there is any; as much a hint. */
    static boolean usedUp(Frame frame) {
        int uses = frame.uses;
        if (uses > 0) {
            frame.uses = uses - 1;
        }
        return uses > 0;
    }

    /** The page goes on in another frame, which takes this one's place. */
    void replace(Frame frame, Frame by) {
        by.uses = frame.uses;
        frame.queue.replace(frame, by);
    }

    /** Takes out the frame to be used anew, closed; null when each is pinned, dirty or flushing. */
    Frame victim() {
        if (small.size <= smallTarget) {
            Frame frame = fromMain();
            return frame != null ? frame : fromSmall();
        }
        Frame frame = fromSmall();
        return frame != null ? frame : fromMain();
    }

    private Frame fromSmall() {
        for (int i = small.size; i > 0; i--) {
            Frame frame = small.poll();
            if (frame.uses > 0 || !tryEvict(frame)) {
                frame.uses = 0;
                main.add(frame);
            } else {
                lately[trace(frame.pageId)] = frame.pageId;
                return frame;
            }
        }
        return null;
    }

    private Frame fromMain() {
        for (int i = (USES_MAX + 1) * main.size; i > 0; i--) {
            Frame frame = main.poll();
            if (frame.uses == 0 && tryEvict(frame)) {
                return frame;
            }
            frame.uses = Math.max(0, frame.uses - 1);
            main.add(frame);
        }
        return null;
    }

    private static boolean tryEvict(Frame frame) {
        return frame.isClean() && frame.tryFree();
    }

    private int trace(long pageId) {
        return (int) ((pageId * 0x9E3779B97F4A7C15L) >>> 32) & (lately.length - 1);
    }

    /** Frames in the order in which they are looked at, linked through themselves. */
    static final class Queue {
        private Frame head;
        private Frame tail;
        private int size;

        void add(Frame frame) {
            frame.queue = this;
            frame.queueNext = null;
            frame.queuePrevious = tail;
            if (tail == null) {
                head = frame;
            } else {
                tail.queueNext = frame;
            }
            tail = frame;
            size++;
        }

        Frame poll() {
            Frame frame = head;
            head = frame.queueNext;
            if (head == null) {
                tail = null;
            } else {
                head.queuePrevious = null;
            }
            leave(frame);
            size--;
            return frame;
        }

        void replace(Frame frame, Frame by) {
            by.queue = this;
            by.queueNext = frame.queueNext;
            by.queuePrevious = frame.queuePrevious;
            if (by.queueNext == null) {
                tail = by;
            } else {
                by.queueNext.queuePrevious = by;
            }
            if (by.queuePrevious == null) {
                head = by;
            } else {
                by.queuePrevious.queueNext = by;
            }
            leave(frame);
        }

        private static void leave(Frame frame) {
            frame.queue = null;
            frame.queueNext = null;
            frame.queuePrevious = null;
        }
    }
}
