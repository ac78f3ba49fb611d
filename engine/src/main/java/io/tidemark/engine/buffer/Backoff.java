package io.tidemark.engine.buffer;

import java.util.concurrent.locks.LockSupport;

/** Waiting for what another thread does in microseconds and says nothing about. */
public final class Backoff {
    private static final int SPINS = 64;
    private static final long PAUSE_NANOS = 20_000;

    private Backoff() {}

    /**
     * Lets a moment pass: some instructions at first, then some microseconds.
     *
     * @param round how often the caller has waited for this before
     */
    public static void pause(int round) {
        if (round < SPINS) {
            Thread.onSpinWait();
        } else {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
