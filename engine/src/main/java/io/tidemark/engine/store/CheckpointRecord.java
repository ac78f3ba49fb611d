package io.tidemark.engine.store;

/**
 * What restart needs beside the pages, committed with them in one transaction (rules P5, P7).
 *
 * @param redoStart redo begins at the block of this LSN
 * @param applied LSN of the entry at whose boundary this was taken
 * @param term its term
 * @param chain redo chain after it
 */
public record CheckpointRecord(long redoStart, long applied, long term, long chain) {
    /** Of a store that has applied nothing. */
    public static final CheckpointRecord EMPTY = new CheckpointRecord(0, -1, 0, 0);
}
