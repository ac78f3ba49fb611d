package io.tidemark.engine.restart;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.store.CheckpointRecord;
import io.tidemark.engine.store.PageStore;

/**
 * What the page store says about where to begin.
 *
 * @param checkpoint of the last flush
 * @param highestPageLsn the WAL must reach at least this far (rule W2)
 */
public record Analysis(CheckpointRecord checkpoint, long highestPageLsn) {
    public static Analysis of(PageStore store) {
        CheckpointRecord checkpoint = store.checkpoint();
        boolean ordered = checkpoint.redoStart() >= 0 && checkpoint.redoStart() <= checkpoint.applied() + 1;
        if (!ordered) {
            throw new TidemarkException(
                    ErrorKind.CORRUPT,
                    "the checkpoint's redo start " + checkpoint.redoStart() + " does not lie within its LSN "
                            + checkpoint.applied() + "; rebuild the store from a good copy");
        }
        return new Analysis(checkpoint, store.highestPageLsn());
    }
}
