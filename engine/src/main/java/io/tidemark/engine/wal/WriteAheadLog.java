package io.tidemark.engine.wal;

import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * The local write-ahead log: one atomic block per log entry, in files of a nominal size. One thread appends; {@link
 * #sync} may be called by another. Owns the redo chain (rules W1-W3).
 */
public interface WriteAheadLog extends AutoCloseable {

    /** Chain value before the first entry ever. */
    long CHAIN_START = 0;

    /**
     * Reads every block that is kept, oldest first, and ends where the last whole block ends: a tail that does not
     * continue the chain is cut and the cut made durable (rule W1). Blocks are handed out only after all of them are
     * durable, so that redo may flush the pages it changes; nothing else of this log may be called meanwhile. Called
     * once, before the first append.
     *
     * @param from blocks below this LSN are checked but not handed out
     * @param checkpointLsn LSN of the checkpoint's applied entry, and {@code checkpointChain} its chain: where the
     *     chain starts when no block is kept
     * @param highestPageLsn highest LSN in the page table: a log that ends below it is damage, not a tear (rule W2),
     *     answered with {@code CORRUPT}
     */
    void recover(
            long from,
            long checkpointLsn,
            long checkpointTerm,
            long checkpointChain,
            long highestPageLsn,
            Consumer<WalBlock> redo);

    /**
     * Appends the block of the next entry, which the end of this process may take away until it is {@linkplain #writeOut
     * written out} or synced: whoever owns the log of entries delivers it again.
     *
     * @param redo bytes {@code offset..offset+length} are copied out
     * @return the chain after this block
     */
    long append(long lsn, long term, byte[] redo, int offset, int length);

    /** Hands all appended blocks to the system, unsynced: they survive the end of this process, not the loss of power. */
    void writeOut();

    /** Makes all appended blocks durable, directory included. Returns the LSN of the last of them. */
    long sync();

    /** Greatest LSN known to be synced. */
    long syncedLsn();

    /** LSN, term and chain of the last block, or of the checkpoint when there is none. */
    long lastLsn();

    long lastTerm();

    long lastChain();

    /** Bytes appended since the store was made; a difference of two values measures redo work. */
    long appendedBytes();

    /** Drops whole files that hold only blocks below {@code lsn}. */
    void truncateBelow(long lsn);

    /** Chain after {@code lsn}, if remembered; see {@link #forgetChainsBelow}. */
    OptionalLong chainAt(long lsn);

    /** Chain values are remembered back to here, through truncation of the files where they outlive those (rule W3). */
    void forgetChainsBelow(long lsn);

    /** Syncs and records the end, so that the next start knows that nothing is missing (rule W2). */
    void closeCleanly();

    /** Gives up the files without a word, as a crash would. */
    @Override
    void close();
}
