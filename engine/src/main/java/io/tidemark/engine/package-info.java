/**
 * The storage engine: an ARIES page store that follows an ordered log.
 *
 * <p>{@link io.tidemark.engine.StorageEngine} is what the other rooms see. Applying an entry changes pages in the buffer
 * pool under one atomic WAL block; a cleaner writes pages to free slots and moves the translation table in one commit; a
 * restart repeats history from the last checkpoint. Equal LSN means equal bytes on every node.
 *
 * <p>Threads: one applies, any number read, the cleaner and the syncer are the engine's own.
 */
package io.tidemark.engine;
