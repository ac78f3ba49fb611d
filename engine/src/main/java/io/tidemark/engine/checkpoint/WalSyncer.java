package io.tidemark.engine.checkpoint;

import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.wal.WriteAheadLog;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** Syncs the WAL for all who have asked, together; on its own thread, or, when it has none, at once. Thread-safe. */
public final class WalSyncer implements AutoCloseable {
    private final WriteAheadLog wal;
    private final Consumer<Throwable> onFailure;
    private final Timer syncs;
    private final Thread thread;
    private final ReentrantLock byCallers = new ReentrantLock();
    private List<CompletableFuture<Long>> waiting = new ArrayList<>();
    private volatile boolean closed;

    /**
     * @param threaded false: {@link #request} syncs in the caller's thread
     * @param onFailure told of a failed sync
     */
    public WalSyncer(WriteAheadLog wal, boolean threaded, MetricRegistry metrics, Consumer<Throwable> onFailure) {
        this.wal = wal;
        this.onFailure = onFailure;
        this.syncs = metrics.timer("engine.wal.syncs");
        this.thread = threaded ? new Thread(this::run, "engine-wal-sync") : null;
        if (thread != null) {
            thread.setDaemon(true);
        }
    }

    public void start() {
        if (thread != null) {
            thread.start();
        }
    }

    /** Completes with a durable LSN at or above that of the last block appended before the call. */
    public CompletableFuture<Long> request() {
        CompletableFuture<Long> reply = new CompletableFuture<>();
        synchronized (this) {
            if (closed) {
                reply.completeExceptionally(new TidemarkException(ErrorKind.UNAVAILABLE, "the engine is closed"));
                return reply;
            }
            waiting.add(reply);
        }
        if (thread == null) {
            syncWaiting();
        } else {
            LockSupport.unpark(thread);
        }
        return reply;
    }

    /**
     * Returns when the WAL is durable through the LSN, which has been appended. Whoever comes first syncs, in its own
     * thread; who comes meanwhile waits, and one of those syncs for all of them. False when this was {@linkplain #abandon
     * given up} before.
     */
    public boolean syncThrough(long lsn) {
        byCallers.lock();
        try {
            if (wal.syncedLsn() >= lsn) {
                return true;
            }
            if (closed) {
                return false; // the log goes next, and halts whoever still uses it
            }
            try (Timer.Context timed = syncs.time()) {
                wal.sync();
            }
            return true;
        } finally {
            byCallers.unlock();
        }
    }

    /**
     * Hands to the system what was appended, unsynced. False when this was closed before: nobody may come to the log so late,
     * and {@link #syncThrough} knows what is durable.
     */
    public synchronized boolean writeOut() {
        if (!closed) {
            wal.writeOut();
        }
        return !closed;
    }

    private void run() {
        while (!closed) {
            if (!syncWaiting()) {
                LockSupport.park(this);
            }
        }
    }

    private boolean syncWaiting() {
        List<CompletableFuture<Long>> replies = takeWaiting();
        if (replies.isEmpty()) {
            return false;
        }
        try (Timer.Context timed = syncs.time()) {
            long durable = wal.sync();
            replies.forEach(reply -> reply.complete(durable));
        } catch (RuntimeException | Error e) {
            replies.forEach(reply -> reply.completeExceptionally(e));
            onFailure.accept(e);
        }
        return true;
    }

    private synchronized List<CompletableFuture<Long>> takeWaiting() {
        List<CompletableFuture<Long>> taken = waiting;
        waiting = new ArrayList<>();
        return taken;
    }

    /** Takes no more, and waits for callers that are in the middle of a sync. */
    private void end() {
        byCallers.lock();
        try {
            synchronized (this) {
                closed = true;
            }
        } finally {
            byCallers.unlock();
        }
    }

    /** Syncs for those who wait, callers too, whose blocks were all appended before, and ends the thread. */
    @Override
    public void close() {
        byCallers.lock();
        try {
            wal.sync();
        } catch (RuntimeException | Error e) {
            onFailure.accept(e);
        } finally {
            end();
            byCallers.unlock();
        }
        if (thread != null) {
            Threads.join(thread);
        }
        syncWaiting();
    }

    /** Ends the thread without a sync, as a crash would. */
    public void abandon() {
        end();
        if (thread != null) {
            Threads.join(thread);
        }
        takeWaiting()
                .forEach(reply -> reply.completeExceptionally(
                        new TidemarkException(ErrorKind.UNAVAILABLE, "the engine was given up")));
    }
}
