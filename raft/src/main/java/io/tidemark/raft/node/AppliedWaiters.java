package io.tidemark.raft.node;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Who waits for an LSN to be applied on this node. Thread-safe; costs the applying thread one comparison. */
public final class AppliedWaiters {
    private final Executor completesOn;
    private final TreeMap<Long, List<CompletableFuture<Void>>> waiting = new TreeMap<>();
    private volatile long applied;
    private volatile long nearest = Long.MAX_VALUE;

    public AppliedWaiters(long applied, Executor completesOn) {
        this.applied = applied;
        this.completesOn = completesOn;
    }

    /** Completes when the engine has the entry at {@code lsn}. The caller bounds the wait. */
    public CompletableFuture<Void> await(long lsn) {
        CompletableFuture<Void> future = new CompletableFuture<>();
        synchronized (this) {
            waiting.computeIfAbsent(lsn, l -> new ArrayList<>()).add(future);
            nearest = waiting.firstKey();
        }
        future.whenComplete((done, failure) -> forget(lsn, future));
        if (applied >= lsn) {
            complete(applied);
        }
        return future;
    }

    /** On the applying thread. */
    public void applied(long lsn) {
        applied = lsn;
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
