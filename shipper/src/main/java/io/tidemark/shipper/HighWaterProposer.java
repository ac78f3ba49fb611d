package io.tidemark.shipper;

import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Reply;
import java.util.concurrent.CompletableFuture;

/** Puts what the shipper has to announce through the log, past all back-pressure (rule M5). */
@FunctionalInterface
public interface HighWaterProposer {
    /** Completes when the entry is applied on this node; exceptionally when this node is no longer the leader. */
    CompletableFuture<Reply> propose(Operation announcement);

    /** Whether what is proposed now carries a time that most members would agree to (rule E7). May take a while. */
    default boolean isClockTrusted() {
        return true;
    }
}
