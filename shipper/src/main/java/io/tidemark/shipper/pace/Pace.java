package io.tidemark.shipper.pace;

import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A clock and the means to let time pass; a test steps it by hand. Thread-safe. */
public interface Pace {
    /** Milliseconds that only move forward; their origin means nothing. */
    long millis();

    /** Wall clock in milliseconds since the epoch, for what people read. */
    long wallMillis();

    /** Rests for about so long; returns early when the thread is interrupted, leaving the flag set. */
    void pause(long millis);

    /** The machine's own. */
    static Pace system() {
        return System.INSTANCE;
    }

    /** The machine's own clock. */
    final class System implements Pace {
        private static final System INSTANCE = new System();

        private final Clock wall = Clock.systemUTC();

        private System() {}

        @Override
        public long millis() {
            return TimeUnit.NANOSECONDS.toMillis(java.lang.System.nanoTime());
        }

        @Override
        public long wallMillis() {
            return wall.millis();
        }

        @Override
        public void pause(long millis) {
            long end = millis() + millis;
            for (long left = millis; left > 0 && !Thread.currentThread().isInterrupted(); left = end - millis()) {
                LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(left));
            }
        }
    }
}
