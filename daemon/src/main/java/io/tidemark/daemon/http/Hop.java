package io.tidemark.daemon.http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Leaves the thread that completes a future: whoever applies the log must not be kept by encoding and sending answers.
 */
final class Hop {
    private final Executor executor;

    Hop(Executor executor) {
        this.executor = executor;
    }

    /** The same outcome, with what hangs on it run by the port's threads; by this one if it is there already. */
    <T> CompletableFuture<T> from(CompletableFuture<T> future) {
        return future.isDone() ? future : future.whenCompleteAsync((value, error) -> {}, executor);
    }
}
