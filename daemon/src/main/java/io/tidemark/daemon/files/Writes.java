package io.tidemark.daemon.files;

import java.util.concurrent.CompletableFuture;

/** Where records go. */
@FunctionalInterface
public interface Writes {
    /** Stores a record; completes with its LSN. May wait while too much is in flight. */
    CompletableFuture<Long> put(byte[] key, byte[] value);
}
