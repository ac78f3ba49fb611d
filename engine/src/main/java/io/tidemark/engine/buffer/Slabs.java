package io.tidemark.engine.buffer;

import java.nio.ByteBuffer;

/** Off-heap memory for frames, taken from the system in pieces as it is first needed and never given back. */
final class Slabs {
    private static final int SLAB_BYTES = 4 << 20;

    private final int pageBytes;
    private int left;
    private ByteBuffer slab = ByteBuffer.allocate(0);

    Slabs(int pageBytes, int frames) {
        this.pageBytes = pageBytes;
        this.left = frames;
    }

    int pageBytes() {
        return pageBytes;
    }

    /** A frame never used before, or null when all are given out. */
    Frame next() {
        if (left == 0) {
            return null;
        }
        if (!slab.hasRemaining()) {
            slab = ByteBuffer.allocateDirect(Math.min(left, SLAB_BYTES / pageBytes) * pageBytes);
        }
        left--;
        ByteBuffer page = slab.slice(slab.position(), pageBytes);
        slab.position(slab.position() + pageBytes);
        return new Frame(page);
    }
}
