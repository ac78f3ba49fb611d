package io.tidemark.bench.peer;

/**
 * What an engine may keep in memory, beside the page cache that all share.
 *
 * @param bytes pool or cache; at least 8 MiB
 */
public record Memory(long bytes) {
    private static final long LEAST = 8 << 20;

    public Memory {
        if (bytes < LEAST) {
            throw new IllegalArgumentException("an engine is given at least " + LEAST + " bytes, not " + bytes);
        }
    }

    /** The part of it that may hold writes on their way. */
    public long forWrites() {
        return bytes / 4;
    }
}
