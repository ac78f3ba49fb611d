package io.tidemark.bench.process;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waiting for a condition that no event announces: the one place where this module polls. */
public final class Await {
    private static final long STEP_NANOS = Duration.ofMillis(50).toNanos();

    private Await() {}

    /** True as soon as the condition holds, false when it did not within {@code limit}. */
    public static boolean holdsWithin(Duration limit, BooleanSupplier condition) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end >= 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
        return true;
    }

    /**
     * Waits until the condition holds.
     *
     * @throws TidemarkException UNAVAILABLE when it did not within {@code limit}
     */
    public static void until(String what, Duration limit, BooleanSupplier condition) {
        if (!holdsWithin(limit, condition)) {
            throw new TidemarkException(
                    ErrorKind.UNAVAILABLE, "waited " + limit.toSeconds() + " s in vain until " + what);
        }
    }
}
