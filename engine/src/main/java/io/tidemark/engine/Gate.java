package io.tidemark.engine;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;

/** Whether anybody may use the engine: nobody once it has failed or is closed. Thread-safe. */
final class Gate {
    private final Halt halt;
    private volatile TidemarkException failure;
    private volatile boolean closed;

    Gate(Halt halt) {
        this.halt = halt;
    }

    boolean isOpen() {
        return failure == null && !closed;
    }

    void requireOpen() {
        if (failure != null) {
            throw new TidemarkException(ErrorKind.FATAL, "the engine has failed: " + failure.getMessage(), failure);
        }
        if (closed) {
            throw new TidemarkException(ErrorKind.UNAVAILABLE, "the engine is closed; open it again");
        }
    }

    /** Lets nobody in any more; false when that was so already. */
    synchronized boolean close() {
        boolean wasOpen = !closed;
        closed = true;
        return wasOpen;
    }

    boolean isClosed() {
        return closed;
    }

    boolean hasFailed() {
        return failure != null;
    }

    /** Halts, once; returns what to throw where halting returns. */
    TidemarkException fail(String what, Throwable cause) {
        synchronized (this) {
            if (failure != null) {
                return failure;
            }
            failure = new TidemarkException(ErrorKind.FATAL, what + ": " + cause.getMessage(), cause);
        }
        return halt.halt(what + ": " + cause, cause);
    }
}
