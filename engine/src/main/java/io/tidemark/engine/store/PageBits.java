package io.tidemark.engine.store;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;

/** One bit per page id, all clear at first; grows by what is set. Any thread. */
final class PageBits {
    private static final int CHUNK_WORDS = 1 << 12;
    private static final int CHUNK_SHIFT = 12 + 6;

    private volatile AtomicLongArray[] chunks = {};

    boolean get(long pageId) {
        AtomicLongArray chunk = chunk(pageId);
        return chunk != null && (chunk.get(word(pageId)) & bit(pageId)) != 0;
    }

    void set(long pageId) {
        AtomicLongArray chunk = chunk(pageId);
        if (chunk == null) {
            chunk = grown(pageId);
        }
        if ((chunk.get(word(pageId)) & bit(pageId)) == 0) {
            chunk.getAndUpdate(word(pageId), word -> word | bit(pageId));
        }
    }

    /** Clears the bit; whether it was set. */
    boolean clear(long pageId) {
        AtomicLongArray chunk = chunk(pageId);
        if (chunk == null || (chunk.get(word(pageId)) & bit(pageId)) == 0) {
            return false;
        }
        return (chunk.getAndUpdate(word(pageId), word -> word & ~bit(pageId)) & bit(pageId)) != 0;
    }

    private AtomicLongArray chunk(long pageId) {
        AtomicLongArray[] now = chunks;
        int index = Math.toIntExact(pageId >>> CHUNK_SHIFT);
        return index < now.length ? now[index] : null;
    }

    private synchronized AtomicLongArray grown(long pageId) {
        int index = Math.toIntExact(pageId >>> CHUNK_SHIFT);
        int before = chunks.length;
        if (index >= before) {
            AtomicLongArray[] longer = Arrays.copyOf(chunks, index + 1);
            for (int i = before; i <= index; i++) {
                longer[i] = new AtomicLongArray(CHUNK_WORDS);
            }
            chunks = longer;
        }
        return chunks[index];
    }

    private static int word(long pageId) {
        return (int) (pageId >>> 6) & CHUNK_WORDS - 1;
    }

    private static long bit(long pageId) {
        return 1L << (pageId & 63);
    }
}
