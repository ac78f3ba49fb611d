package io.tidemark.engine.buffer;

/** Page id to frame: a hash table of fixed size chained through the frames, so that nothing is allocated. */
final class FrameTable {
    private final Frame[] buckets;

    FrameTable(int frames) {
        buckets = new Frame[Integer.highestOneBit(Math.max(1, frames)) * 2];
    }

    Frame find(long pageId) {
        Frame frame = buckets[bucket(pageId)];
        while (frame != null && frame.pageId != pageId) {
            frame = frame.bucketNext;
        }
        return frame;
    }

    void add(Frame frame) {
        int bucket = bucket(frame.pageId);
        frame.bucketNext = buckets[bucket];
        buckets[bucket] = frame;
    }

    void remove(Frame frame) {
        int bucket = bucket(frame.pageId);
        if (buckets[bucket] == frame) {
            buckets[bucket] = frame.bucketNext;
        } else {
            Frame before = buckets[bucket];
            while (before.bucketNext != frame) {
                before = before.bucketNext;
            }
            before.bucketNext = frame.bucketNext;
        }
        frame.bucketNext = null;
    }

    private int bucket(long pageId) {
        return (int) ((pageId * 0x9E3779B97F4A7C15L) >>> 40) & (buckets.length - 1);
    }
}
