package io.tidemark.daemon.http;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.EntryLimits;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;

/**
 * Decides when a read may be answered from this node's state: {@code consistency=linearizable} (the default) after a read
 * index, {@code local} at once; {@code at-least=LSN} after that LSN has been applied here.
 */
final class ReadPoint {
    /** What one read may have in memory before its size is known: a value of the greatest size, and others before it. */
    static final int READ_BYTES = EntryLimits.VALUE_BYTES_MAX + (4 << 20);

    private final Hop hop;
    private final MemoryBudget replies;
    private final Duration timeout;

    ReadPoint(Hop hop, MemoryBudget replies, Duration timeout) {
        this.hop = hop;
        this.replies = replies;
        this.timeout = timeout;
    }

    /**
     * Reads once it may, with memory set aside for what is read.
     *
     * @param read given an LSN that the state includes
     */
    CompletableFuture<Answer> read(Exchange exchange, NodeService node, LongFunction<Answer> read) {
        return reach(exchange, node)
                .thenCompose(lsn -> replies.acquire(READ_BYTES).thenApply(room -> lsn))
                .thenApply(lsn -> {
                    try {
                        return read.apply(lsn);
                    } finally {
                        replies.release(READ_BYTES);
                    }
                });
    }

    /** Completes with an LSN that the state read from then on includes. */
    private CompletableFuture<Long> reach(Exchange exchange, NodeService node) {
        boolean local = isLocal(exchange.text("consistency", "linearizable"));
        long atLeast = exchange.number("at-least", -1, 0, Long.MAX_VALUE);
        CompletableFuture<Long> reached =
                local ? CompletableFuture.completedFuture(node.applied()) : linearizable(node);
        if (atLeast >= 0) {
            reached = reached.thenCompose(lsn -> lsn >= atLeast
                    ? CompletableFuture.completedFuture(lsn)
                    : node.awaitApplied(atLeast, timeout).thenApply(done -> atLeast));
        }
        return hop.from(reached);
    }

    /** A read changes nothing: whatever kept it from its index, it may be asked again. */
    private static CompletableFuture<Long> linearizable(NodeService node) {
        return node.readIndex().exceptionallyCompose(error -> {
            Throwable cause = ErrorAnswer.unwrap(error);
            return CompletableFuture.failedFuture(
                    cause instanceof TidemarkException
                            ? cause
                            : new TidemarkException(
                                    ErrorKind.RETRY,
                                    "the leader did not confirm this read; ask again: " + cause.getMessage(),
                                    cause));
        });
    }

    private static boolean isLocal(String consistency) {
        return switch (consistency) {
            case "local" -> true;
            case "linearizable" -> false;
            default ->
                throw new TidemarkException(
                        ErrorKind.INVALID, "consistency is linearizable or local, not '" + consistency + "'");
        };
    }
}
