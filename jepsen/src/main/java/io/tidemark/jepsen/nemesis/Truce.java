package io.tidemark.jepsen.nemesis;

import java.util.concurrent.atomic.AtomicInteger;

/** While it lasts all sieges heal what they have struck, and rest. Thread-safe. */
public final class Truce {

    private final AtomicInteger callers = new AtomicInteger();

    /** Does something in a truce, which begins within moments and ends with it. */
    void during(Runnable deed) {
        callers.incrementAndGet();
        try {
            deed.run();
        } finally {
            callers.decrementAndGet();
        }
    }

    boolean holds() {
        return callers.get() > 0;
    }
}
