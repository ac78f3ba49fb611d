package io.tidemark.shipper;

import io.tidemark.engine.log.Operation.AdvanceHighWater;
import io.tidemark.engine.log.Reply;
import java.util.concurrent.CompletableFuture;

/** Puts an advance of the shipped mark through the log, past all back-pressure (rule M5). */
@FunctionalInterface
public interface HighWaterProposer {
    /** Completes when the entry is applied on this node; exceptionally when this node is no longer the leader. */
    CompletableFuture<Reply> propose(AdvanceHighWater advance);
}
