package io.tidemark.engine.checkpoint;

import io.tidemark.engine.store.CheckpointRecord;

/**
 * A boundary between two entries.
 *
 * @param applied LSN of the last complete entry, -1 before the first
 * @param term its term
 * @param chain redo chain after it
 * @param redoBytes redo bytes applied since the engine was opened, that entry included
 */
public record Position(long applied, long term, long chain, long redoBytes) {
    /** What an empty block counts, so that they too are left behind some day. */
    private static final int BLOCK_BYTES = 64;

    /** The boundary after the next entry, whose redo has {@code length} bytes. */
    public Position after(long lsn, long newTerm, long newChain, int length) {
        return new Position(lsn, newTerm, newChain, redoBytes + length + BLOCK_BYTES);
    }

    public static Position of(CheckpointRecord checkpoint) {
        return new Position(checkpoint.applied(), checkpoint.term(), checkpoint.chain(), 0);
    }
}
