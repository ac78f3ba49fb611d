package io.tidemark.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.locks.LockSupport;

/** How a child process waits: for its end by a signal or, should its parent be gone, by the end of its input. */
final class EndOfInput {
    private EndOfInput() {}

    static void await() {
        try {
            System.in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Interrupts the thread when the input ends. */
    static void interrupts(Thread thread) {
        Thread watch = new Thread(
                () -> {
                    await();
                    thread.interrupt();
                },
                "end-of-input");
        watch.setDaemon(true);
        watch.start();
    }

    /** Waits for what {@link #interrupts} does. */
    static void awaitInterrupt() {
        while (!Thread.currentThread().isInterrupted()) {
            LockSupport.park();
        }
    }
}
