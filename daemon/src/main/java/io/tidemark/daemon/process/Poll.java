package io.tidemark.daemon.process;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what can only be looked at: another process, a file, a port. */
public final class Poll {
    private Poll() {}

    /**
     * Looks until the condition holds, at most for {@code limit}.
     *
     * @return false when time ran out or the thread was interrupted, which stays set
     */
    public static boolean until(Duration limit, Duration pause, BooleanSupplier condition) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end >= 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            pause(pause);
        }
        return true;
    }

    /** Waits once; returns early when interrupted. */
    public static void pause(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
        }
    }
}
