package io.tidemark.shipper.store;

import io.tidemark.shipper.pace.Pace;

/**
 * Holds the average rate of all callers below a limit: each waits until what was admitted before it would have passed at
 * that rate. What a caller then sends goes as fast as the line does. Thread-safe.
 */
public final class Bandwidth {
    private final Pace pace;
    private final long bytesPerSecond;
    private long freeMicros = Long.MIN_VALUE;

    /** @param bytesPerSecond 0 for no limit */
    public Bandwidth(Pace pace, long bytesPerSecond) {
        this.pace = pace;
        this.bytesPerSecond = bytesPerSecond;
    }

    /** Waits for its turn; returns early when the thread is interrupted. */
    public void acquire(long bytes) {
        if (bytesPerSecond > 0) {
            long millis = reserve(bytes);
            if (millis > 0) {
                pace.pause(millis);
            }
        }
    }

    private synchronized long reserve(long bytes) {
        long now = pace.millis() * 1_000;
        long begin = Math.max(now, freeMicros);
        freeMicros = begin + Math.multiplyExact(bytes, 1_000_000L) / bytesPerSecond;
        return (begin - now + 999) / 1_000;
    }
}
