/**
 * Brings an engine to an LSN from beyond its own disk: the segments of a history, replayed in order.
 *
 * <p>Guarantees: an engine brought somewhere from here is at exactly that LSN, and its redo chain is the one that the
 * leader had there when it shipped, compared at the end of every segment; what is damaged is named, never applied past
 * the block that holds it. Nothing here writes to an existing history: a restore makes a new one.
 *
 * <p>Threads: the caller's applies; one more fetches the next segment meanwhile. At most two segments are in memory.
 */
package io.tidemark.recovery;
