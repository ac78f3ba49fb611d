package io.tidemark.engine.checkpoint;

import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** The thread that flushes while the engine is behind, and keeps the hot tier within its budget. */
public final class Cleaner implements AutoCloseable {
    /** How often it looks for itself where pages come and go by reads alone. */
    private static final long LOOK_NANOS = 500_000_000;

    private final Flusher flusher;
    private final HotTier hotTier;
    private final Consumer<Throwable> onFailure;
    private final Thread thread;
    private volatile boolean closed;

    /**
     * @param onFailure told what ends the thread other than {@link #close}
     */
    public Cleaner(Flusher flusher, HotTier hotTier, Consumer<Throwable> onFailure) {
        this.flusher = flusher;
        this.hotTier = hotTier;
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
                } else if (!hotTier.isDue() || hotTier.isSourceAway()) {
                    rest();
                }
                if (hotTier.isDue()) {
                    hotTier.step();
                }
            }
        } catch (RuntimeException | Error e) {
            onFailure.accept(e);
        }
    }

    private void rest() {
        if (!hotTier.isActive()) {
            LockSupport.park(this);
            return;
        }
        LockSupport.parkNanos(this, LOOK_NANOS);
        if (hotTier.hasRest() && !closed) {
            hotTier.step();
        }
    }

    /** Ends the thread after the step it is in. */
    @Override
    public void close() {
        closed = true;
        Threads.join(thread);
    }
}
