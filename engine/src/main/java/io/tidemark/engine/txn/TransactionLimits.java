package io.tidemark.engine.txn;

import io.tidemark.engine.log.EntryLimits;

/**
 * How much transactions may hold. Part of what an entry means: equal on every node that applies the same log.
 *
 * @param transactions that have not gone yet, at a time
 * @param undoBytes bytes of undo rows of one transaction, large values that they took over counted whole
 * @param keyLocks keys that are locked, of all transactions together; some 200 bytes of heap each, and the key
 * @param rangeLocks ranges that are locked, of all transactions together; each is looked at by every write
 */
public record TransactionLimits(int transactions, long undoBytes, int keyLocks, int rangeLocks) {
    public static final TransactionLimits DEFAULT = new TransactionLimits(
            EntryLimits.TRANSACTIONS_MAX,
            EntryLimits.UNDO_BYTES_MAX,
            EntryLimits.KEY_LOCKS_MAX,
            EntryLimits.RANGE_LOCKS_MAX);
}
