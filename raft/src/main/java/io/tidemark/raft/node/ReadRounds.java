package io.tidemark.raft.node;

import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.raft.config.RaftSettings;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Linearizable reads for many at the price of one: whoever asks while a round is out takes part in the next, which
 * starts when this one is back. (A round that was out already may have asked the leader too early for them.)
 *
 * <p>Ratis answers while it holds the lock of its pending reads, and asking it again waits for a thread that may want that
 * lock: whatever follows an answer runs on a thread of our own.
 *
 * <p>Ratis bounds how long it waits to apply, and not how long it waits for others to confirm who leads. A round that is not
 * back in time is given up, or all reads after it would wait for ever.
 */
public final class ReadRounds {
    /** Longer than Ratis itself waits for what was agreed on to be applied here: its own answer says more. */
    private static final Duration PATIENCE = Duration.ofMillis(2L * RaftSettings.READ_MILLIS);

    private final StorageEngine engine;
    private final Supplier<? extends CompletableFuture<?>> read;
    private final Executor answers;
    private final Duration patience;
    private CompletableFuture<Long> next;
    private boolean out;

    /**
     * @param read asks Raft once
     * @param answers where callers' futures complete and the next round starts; never the completing thread
     */
    public ReadRounds(StorageEngine engine, Supplier<? extends CompletableFuture<?>> read, Executor answers) {
        this(engine, read, answers, PATIENCE);
    }

    /** @param patience how long one round may be out; whoever takes part in it is told to ask again */
    ReadRounds(
            StorageEngine engine, Supplier<? extends CompletableFuture<?>> read, Executor answers, Duration patience) {
        this.engine = engine;
        this.read = read;
        this.answers = answers;
        this.patience = patience;
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
                .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .whenCompleteAsync(
                        (reply, failure) -> {
                            if (failure == null) {
                                round.complete(engine.state().applied());
                            } else {
                                round.completeExceptionally(failure instanceof TimeoutException ? late() : failure);
                            }
                            round();
                        },
                        answers);
    }

    private TidemarkException late() {
        return new TidemarkException(
                ErrorKind.RETRY, "Raft did not confirm this read within " + patience + "; ask again");
    }
}
