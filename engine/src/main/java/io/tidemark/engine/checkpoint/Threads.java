package io.tidemark.engine.checkpoint;

import java.util.concurrent.locks.LockSupport;

/** Waiting for the end of the engine's own threads. */
final class Threads {
    private Threads() {}

    /** Wakes the thread and waits for its end, whatever interrupts; an interrupt is kept for the caller. */
    static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive() && thread != Thread.currentThread()) {
            LockSupport.unpark(thread);
            try {
                thread.join(100);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
