package io.tidemark.engine;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;

/** Memory of one page each, for readers that look at a copy; some of it is kept for the next of them. Thread-safe. */
final class PageCopies {
    private static final int KEPT_MAX = 16;

    private final ArrayBlockingQueue<ByteBuffer> kept = new ArrayBlockingQueue<>(KEPT_MAX);
    private final int pageBytes;

    PageCopies(int pageBytes) {
        this.pageBytes = pageBytes;
    }

    int pageBytes() {
        return pageBytes;
    }

    /** Off-heap as frames are: code that reads both kinds of memory would be slower for both. */
    ByteBuffer take() {
        ByteBuffer copy = kept.poll();
        return copy == null ? ByteBuffer.allocateDirect(pageBytes) : copy;
    }

    void giveBack(ByteBuffer copy) {
        kept.offer(copy);
    }
}
