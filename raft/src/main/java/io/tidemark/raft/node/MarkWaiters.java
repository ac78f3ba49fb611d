package io.tidemark.raft.node;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Who waits for a mark of this node to reach an LSN. Thread-safe; costs the applying thread one comparison. */
public final class MarkWaiters {
    private final Executor completesOn;
    private final TreeMap<Long, List<CompletableFuture<Void>>> waiting = new TreeMap<>();
    private volatile long mark;
    private volatile long nearest = Long.MAX_VALUE;

    public MarkWaiters(long mark, Executor completesOn) {
        this.mark = mark;
        this.completesOn = completesOn;
    }

    /** Completes when the mark is at {@code lsn} or past it. The caller bounds the wait. */
    public CompletableFuture<Void> await(long lsn) {
        CompletableFuture<Void> future = new CompletableFuture<>();
        synchronized (this) {
            waiting.computeIfAbsent(lsn, l -> new ArrayList<>()).add(future);
            nearest = waiting.firstKey();
        }
        future.whenComplete((done, failure) -> forget(lsn, future));
        if (mark >= lsn) {
            complete(mark);
        }
        return future;
    }

    /** Where the mark is. */
    public long mark() {
        return mark;
    }

    /** The mark is here now, and was never further. On one thread at a time. */
    public void reached(long lsn) {
        mark = lsn;
        if (lsn >= nearest) {
            complete(lsn);
        }
    }

    private void complete(long lsn) {
        List<CompletableFuture<Void>> reached = new ArrayList<>();
        synchronized (this) {
            var head = waiting.headMap(lsn, true);
            head.values().forEach(reached::addAll);
            head.clear();
            nearest = waiting.isEmpty() ? Long.MAX_VALUE : waiting.firstKey();
        }
        if (!reached.isEmpty()) {
            completesOn.execute(() -> reached.forEach(future -> future.complete(null)));
        }
    }

    private synchronized void forget(long lsn, CompletableFuture<Void> future) {
        List<CompletableFuture<Void>> same = waiting.get(lsn);
        if (same != null && same.remove(future) && same.isEmpty()) {
            waiting.remove(lsn);
            nearest = waiting.isEmpty() ? Long.MAX_VALUE : waiting.firstKey();
        }
    }
}
