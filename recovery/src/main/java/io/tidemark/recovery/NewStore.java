package io.tidemark.recovery;

import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.StoreSeed;
import java.util.Optional;

/** A place where a store is to be made. */
@FunctionalInterface
public interface NewStore {
    /** Opens the store, making an empty one where there is none. */
    StorageEngine open();

    /** Begins to make it from pages; empty where it can only be filled by entries. */
    default Optional<StoreSeed> seed(StoreSeed.State state) {
        return Optional.empty();
    }
}
