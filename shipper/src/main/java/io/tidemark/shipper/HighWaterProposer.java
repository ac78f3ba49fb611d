package io.tidemark.shipper;

import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Reply;
import java.util.concurrent.CompletableFuture;

/** Puts what the shipper has to announce through the log, past all back-pressure (rule M5). */
@FunctionalInterface
public interface HighWaterProposer {
    /** Completes when the entry is applied on this node; exceptionally when this node is no longer the leader. */
    CompletableFuture<Reply> propose(Operation announcement);
}
