package io.tidemark.recovery;

import io.tidemark.engine.ColdSeed;
import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.engine.StoreSeed;
import java.util.Optional;

/** A place where a store is to be made. */
@FunctionalInterface
public interface NewStore {
    /** Opens the store, making an empty one where there is none. */
    StorageEngine open();

    /**
     * Begins to make it of rows alone, its pages fetched when they are wanted (rule CT5); empty where whoever opens it cannot
     * fetch any.
     */
    default Optional<ColdSeed> coldSeed(StoreSeed.State state, Checkpoint origin) {
        return Optional.empty();
    }

    /** Begins to make it from pages; empty where it can only be filled by entries. */
    default Optional<StoreSeed> seed(StoreSeed.State state) {
        return Optional.empty();
    }
}
