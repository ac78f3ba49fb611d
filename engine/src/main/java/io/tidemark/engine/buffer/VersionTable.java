package io.tidemark.engine.buffer;

import java.util.function.Consumer;

/** Page id and LSN to the frame of a version that is not the newest: chained through the frames. Guarded by the pool. */
final class VersionTable {
    private final Frame[] buckets;

    VersionTable(int frames) {
        buckets = new Frame[Integer.highestOneBit(Math.max(1, frames)) * 2];
    }

    /** The version of the page that is valid at the LSN, or null. */
    Frame find(long pageId, long lsn) {
        Frame frame = buckets[bucket(pageId)];
        while (frame != null && !frame.isOf(pageId, lsn)) {
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

    void forEach(Consumer<Frame> visitor) {
        for (Frame bucket : buckets) {
            for (Frame frame = bucket; frame != null; frame = frame.bucketNext) {
                visitor.accept(frame);
            }
        }
    }

    private int bucket(long pageId) {
        return (int) ((pageId * 0x9E3779B97F4A7C15L) >>> 40) & (buckets.length - 1);
    }
}
