package io.tidemark.engine.buffer;

import java.util.function.LongSupplier;

/**
 * How long a page takes to be read of late: a running mean. A page that the system has in memory is there within a few
 * microseconds, sooner than another thread could be asked for it; a disk takes a hundred. Thread-safe, but readers on
 * several threads may lose each other's part of the mean.
 */
public final class ReadTimes {
    private static final long SLOW_NANOS = 15_000;

    /** A new read counts one part in so many. */
    private static final int MEMORY = 16;

    private final LongSupplier nanoClock;
    private volatile long mean;

    public ReadTimes(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    long begin() {
        return nanoClock.getAsLong();
    }

    /** @param begun what {@link #begin} said before the read */
    void ended(long begun) {
        mean += (nanoClock.getAsLong() - begun - mean) / MEMORY;
    }

    /** Whether reads take so long that they are worth being begun ahead. */
    boolean areSlow() {
        return mean > SLOW_NANOS;
    }
}
