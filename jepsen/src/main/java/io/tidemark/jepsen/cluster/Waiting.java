package io.tidemark.jepsen.cluster;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for conditions by looking again and again; the only place of this module that lets time pass. */
public final class Waiting {

    /** Between two looks. */
    private static final Duration POLL = Duration.ofMillis(50);

    private Waiting() {}

    /**
     * Looks until what is seen is as wanted.
     *
     * @param what the condition in words, for the failure's message
     * @param bound how long to wait at most
     * @param look what to look at; its last answer is part of the failure's message
     * @return what was seen
     * @throws AssertionError when the bound has passed
     */
    public static <T> T until(String what, Duration bound, Supplier<T> look, Predicate<? super T> wanted) {
        long end = System.nanoTime() + bound.toNanos();
        T seen = look.get();
        while (!wanted.test(seen)) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("waited " + bound.toMillis() + " ms for: " + what + "; last seen: " + seen);
            }
            pause(POLL);
            seen = look.get();
        }
        return seen;
    }

    /**
     * Lets time pass; for nemeses and for silence that is itself the subject of a test. Ends early, with the interrupt
     * flag still set, if the thread is interrupted.
     */
    public static void pause(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        long left = time.toNanos();
        while (left > 0 && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(left);
            left = end - System.nanoTime();
        }
    }
}
