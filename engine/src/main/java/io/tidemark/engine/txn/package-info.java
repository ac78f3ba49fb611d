/**
 * What an open transaction is made of, and who sees what of it.
 *
 * <p>Everything that must be equal on every node stands in rows (rule P7): {@code sys.txn} has a row for each transaction
 * that has not gone yet ({@link io.tidemark.engine.txn.Transaction}), {@code sys.undo} one for each before-image, lock and
 * savepoint ({@link io.tidemark.engine.txn.UndoRow}). The lock table is a copy of those rows in memory, rebuilt at open;
 * answers depend on the rows alone. What moves them is {@code engine.state}.
 *
 * <p>A record changed by an open transaction carries its id and the sequence of its first before-image; a deleted one
 * stays as a ghost. {@link io.tidemark.engine.txn.Visibility} tells a reader what to make of it (rule T1). Marks of
 * transactions that have ended mean nothing.
 *
 * <p>Threads: {@link io.tidemark.engine.txn.OpenTransactions} and {@link io.tidemark.engine.txn.Visibility} are immutable,
 * for any reader; the rest belongs to the applying thread. No files.
 */
package io.tidemark.engine.txn;
