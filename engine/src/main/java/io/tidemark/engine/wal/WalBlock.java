package io.tidemark.engine.wal;

import java.nio.ByteBuffer;

/**
 * The redo of one log entry, as recovery reads it back.
 *
 * @param lsn LSN of the entry
 * @param term its term
 * @param chain redo chain after this block
 * @param redo the records of all page changes, opaque to the WAL; may be empty (rule M4); positioned at its start; valid
 *     only until the consumer returns
 */
public record WalBlock(long lsn, long term, long chain, ByteBuffer redo) {}
