package io.tidemark.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * Natural batching: what arrives while {@code lanes} batches are in flight waits and leaves together; on an idle queue
 * nothing waits. Thread-safe; the cutter is called under the queue's lock.
 */
final class BatchQueue<T> {
    private final int lanes;
    private final Cutter<T> cutter;
    private final Deque<T> waiting = new ArrayDeque<>();
    private int inFlight;

    /** Decides what leaves together, and sends it. */
    interface Cutter<T> {
        /** Takes from the queue's head what shall leave in one batch; empty when nothing can leave now. */
        List<T> cut(Deque<T> waiting);

        /** Completes, never exceptionally, when the batch no longer occupies its lane. */
        CompletableFuture<Void> send(List<T> batch);
    }

    BatchQueue(int lanes, Cutter<T> cutter) {
        this.lanes = lanes;
        this.cutter = cutter;
    }

    void add(T item) {
        synchronized (this) {
            waiting.add(item);
        }
        flow();
    }

    /** Looks again whether something can leave. */
    void flow() {
        List<T> batch = next();
        while (!batch.isEmpty()) {
            cutter.send(batch).whenComplete((done, error) -> {
                synchronized (this) {
                    inFlight--;
                }
                flow();
            });
            batch = next();
        }
    }

    /** Removes and returns the items at the head that {@code gone} holds for. */
    synchronized List<T> removeHead(Predicate<T> gone) {
        List<T> removed = new ArrayList<>();
        while (!waiting.isEmpty() && gone.test(waiting.peek())) {
            removed.add(waiting.remove());
        }
        return removed;
    }

    private synchronized List<T> next() {
        if (inFlight >= lanes || waiting.isEmpty()) {
            return List.of();
        }
        List<T> batch = cutter.cut(waiting);
        if (!batch.isEmpty()) {
            inFlight++;
        }
        return batch;
    }
}
