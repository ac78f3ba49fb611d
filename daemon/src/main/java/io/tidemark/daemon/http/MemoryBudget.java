package io.tidemark.daemon.http;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Bounds the memory of requests or replies in flight: who comes when there is no room waits, in order. Thread-safe. */
final class MemoryBudget {
    private static final CompletableFuture<Void> GRANTED = CompletableFuture.completedFuture(null);

    private final long bytesMax;
    private final Duration patience;
    private final Executor executor;
    private final Deque<Waiter> waiting = new ArrayDeque<>();
    private long used;

    private record Waiter(long bytes, CompletableFuture<Void> granted) {}

    /**
     * @param patience who waits longer is sent away with RETRY
     * @param executor goes on with who had to wait
     */
    MemoryBudget(long bytesMax, Duration patience, Executor executor) {
        this.bytesMax = bytesMax;
        this.patience = patience;
        this.executor = executor;
    }

    /** Completes when {@code bytes} are set aside; at most the whole budget. */
    CompletableFuture<Void> acquire(long bytes) {
        Waiter waiter;
        synchronized (this) {
            if (waiting.isEmpty() && used + bytes <= bytesMax) {
                used += bytes;
                return GRANTED;
            }
            waiter = new Waiter(bytes, new CompletableFuture<>());
            waiting.add(waiter);
        }
        return waiter.granted()
                .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyCompose(e -> CompletableFuture.failedFuture(full(bytes)));
    }

    /** Sets {@code bytes} aside if there is room now. */
    synchronized boolean tryAcquire(long bytes) {
        if (!waiting.isEmpty() || used + bytes > bytesMax) {
            return false;
        }
        used += bytes;
        return true;
    }

    /** Counts what is in memory already, also past the bound: others wait until it is gone. */
    synchronized void charge(long bytes) {
        used += bytes;
    }

    void release(long bytes) {
        Deque<Waiter> next = new ArrayDeque<>();
        synchronized (this) {
            used -= bytes;
            while (!waiting.isEmpty()
                    && (used + waiting.peek().bytes() <= bytesMax
                            || waiting.peek().granted().isDone())) {
                Waiter waiter = waiting.remove();
                if (!waiter.granted().isDone()) {
                    used += waiter.bytes();
                    next.add(waiter);
                }
            }
        }
        next.forEach(waiter -> executor.execute(() -> grant(waiter)));
    }

    private void grant(Waiter waiter) {
        if (!waiter.granted().complete(null)) {
            release(waiter.bytes());
        }
    }

    synchronized long used() {
        return used;
    }

    private TidemarkException full(long bytes) {
        return new TidemarkException(
                ErrorKind.RETRY,
                "no room for " + bytes + " bytes within " + patience + ": " + used() + " of " + bytesMax
                        + " bytes are in use by other requests; ask again later or elsewhere");
    }
}
