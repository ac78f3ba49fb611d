package io.tidemark.engine.checkpoint;

import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** The thread that flushes while the engine is behind. */
public final class Cleaner implements AutoCloseable {
    private final Flusher flusher;
    private final Consumer<Throwable> onFailure;
    private final Thread thread;
    private volatile boolean closed;

    /**
     * @param onFailure told what ends the thread other than {@link #close}
     */
    public Cleaner(Flusher flusher, Consumer<Throwable> onFailure) {
        this.flusher = flusher;
        this.onFailure = onFailure;
        this.thread = new Thread(this::run, "engine-cleaner");
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** Has the thread look again; cheap. */
    public void wake() {
        LockSupport.unpark(thread);
    }

    private void run() {
        try {
            while (!closed) {
                if (flusher.isBehind()) {
                    flusher.flush();
                } else {
                    LockSupport.park(this);
                }
            }
        } catch (RuntimeException | Error e) {
            onFailure.accept(e);
        }
    }

    /** Ends the thread after the step it is in. */
    @Override
    public void close() {
        closed = true;
        Threads.join(thread);
    }
}
