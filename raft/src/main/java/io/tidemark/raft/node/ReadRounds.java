package io.tidemark.raft.node;

import io.tidemark.engine.StorageEngine;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Linearizable reads for many at the price of one: whoever asks while a round is out takes part in the next, which
 * starts when this one is back. (A round that was out already may have asked the leader too early for them.)
 *
 * <p>Ratis answers while it holds the lock of its pending reads, and asking it again waits for a thread that may want that
 * lock: whatever follows an answer runs on a thread of our own.
 */
public final class ReadRounds {
    private final StorageEngine engine;
    private final Supplier<? extends CompletableFuture<?>> read;
    private final Executor answers;
    private CompletableFuture<Long> next;
    private boolean out;

    /**
     * @param read asks Raft once
     * @param answers where callers' futures complete and the next round starts; never the completing thread
     */
    public ReadRounds(StorageEngine engine, Supplier<? extends CompletableFuture<?>> read, Executor answers) {
        this.engine = engine;
        this.read = read;
        this.answers = answers;
    }

    /** Completes with the engine's LSN when a local read from then on is linearizable. */
    public CompletableFuture<Long> readIndex() {
        CompletableFuture<Long> mine;
        boolean start;
        synchronized (this) {
            if (next == null) {
                next = new CompletableFuture<>();
            }
            mine = next;
            start = !out;
            out = true;
        }
        if (start) {
            round();
        }
        return mine;
    }

    private void round() {
        CompletableFuture<Long> round;
        synchronized (this) {
            round = next;
            next = null;
            if (round == null) {
                out = false;
                return;
            }
        }
        read.get()
                .whenCompleteAsync(
                        (reply, failure) -> {
                            if (failure == null) {
                                round.complete(engine.state().applied());
                            } else {
                                round.completeExceptionally(failure);
                            }
                            round();
                        },
                        answers);
    }
}
