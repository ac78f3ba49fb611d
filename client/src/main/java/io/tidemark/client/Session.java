package io.tidemark.client;

/**
 * A session's numbers (rule E9). A sequence is outstanding from {@link #next} until {@link #settle}; the window of
 * sequences not yet passed by {@link #repliedThrough} never exceeds what the cluster remembers. Not thread-safe.
 */
final class Session {
    /** Sequences that the cluster remembers replies of. */
    static final int WINDOW = 1024;

    private final Version id;
    private final boolean[] settled = new boolean[WINDOW];
    private long next = 1;
    private long repliedThrough;
    private long lastUsedNanos;

    Session(Version id, long nowNanos) {
        this.id = id;
        this.lastUsedNanos = nowNanos;
    }

    Version id() {
        return id;
    }

    boolean hasRoom() {
        return next - repliedThrough <= WINDOW;
    }

    long next(long nowNanos) {
        if (!hasRoom()) {
            throw new IllegalStateException("sequence " + next + " is beyond the window after " + repliedThrough);
        }
        lastUsedNanos = nowNanos;
        return next++;
    }

    /** The reply of {@code sequence} is here, or no one waits for it any more. */
    void settle(long sequence) {
        settled[(int) (sequence % WINDOW)] = true;
        while (repliedThrough + 1 < next && settled[(int) ((repliedThrough + 1) % WINDOW)]) {
            repliedThrough++;
            settled[(int) (repliedThrough % WINDOW)] = false;
        }
    }

    long repliedThrough() {
        return repliedThrough;
    }

    boolean isIdleSince(long nanos) {
        return repliedThrough == next - 1 && lastUsedNanos - nanos < 0;
    }
}
