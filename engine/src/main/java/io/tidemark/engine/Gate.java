package io.tidemark.engine;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * Who may be inside: readers together, or the writer alone for one entry; nobody once the engine has failed or is closed.
 * Readers are so few at a time that the pool always has frames for them beside the entry in flight.
 */
final class Gate {
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final Semaphore readers;
    private final Halt halt;
    private volatile TidemarkException failure;
    private volatile boolean closed;

    Gate(int readersMax, Halt halt) {
        this.readers = new Semaphore(readersMax);
        this.halt = halt;
    }

    /** Held shared by whoever needs an entry boundary but is no reader of trees. */
    Lock entryBoundary() {
        return lock.readLock();
    }

    Lock writer() {
        return lock.writeLock();
    }

    <T> T read(Supplier<T> reading) {
        readers.acquireUninterruptibly();
        try {
            lock.readLock().lock();
            try {
                requireOpen();
                return reading.get();
            } finally {
                lock.readLock().unlock();
            }
        } finally {
            readers.release();
        }
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
    boolean close() {
        lock.writeLock().lock();
        try {
            boolean wasOpen = !closed;
            closed = true;
            return wasOpen;
        } finally {
            lock.writeLock().unlock();
        }
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
