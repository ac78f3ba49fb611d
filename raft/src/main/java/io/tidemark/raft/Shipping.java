package io.tidemark.raft;

import io.tidemark.engine.StorageEngine;
import io.tidemark.recovery.NewStore;
import io.tidemark.shipper.HighWaterProposer;
import io.tidemark.shipper.LogSource;
import java.util.function.LongPredicate;

/** A node's connection to the history in S3: shipping as long as it leads, replay when it must catch up. */
public interface Shipping extends AutoCloseable {
    /** Begins to ship; called when this node became the leader and its history has started. Does not block. */
    void lead();

    /** Ceases to ship; called when this node is no longer the leader. Does not wait for a request to S3 in progress. */
    void follow();

    /**
     * Applies the entries that S3 has and the engine has not, in order, up to the newest manifest's mark.
     *
     * @return that mark, verified: S3 has every entry up to it; -1 when the history has no manifest yet
     * @throws io.tidemark.engine.error.TidemarkException {@code UNAVAILABLE} when S3 is away; what was applied stays
     */
    long replay(StorageEngine engine);

    /** Why the log is not shipped though there is some; null while all is well. */
    String error();

    /** Why no checkpoint of pages is made though one is due; null while all is well. */
    String checkpointError();

    @Override
    void close();

    /** Makes the connection of one node. */
    @FunctionalInterface
    interface Factory {
        /** @param agreed asks the members whether most have this node's redo chain after an LSN (rule C1); may take a while */
        Shipping open(StorageEngine engine, LogSource log, HighWaterProposer proposer, LongPredicate agreed);

        /**
         * Makes a store from the newest checkpoint of pages in S3, before there is an engine.
         *
         * @return LSN of the store, -1 when there is no checkpoint, or no need of one
         * @throws io.tidemark.engine.error.TidemarkException {@code UNAVAILABLE} when S3 is away; nothing was made then
         */
        default long load(NewStore place) {
            return -1;
        }
    }
}
