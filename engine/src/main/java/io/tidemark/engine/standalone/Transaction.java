package io.tidemark.engine.standalone;

import io.tidemark.engine.StorageEngine.Scan;
import java.util.Optional;

/**
 * A transaction that its owner holds open. Used by one thread at a time.
 *
 * <p>Every call but {@link #id} and {@link #close} fails with {@code INVALID} after the end, and with {@code RETRY} when
 * the store has ended it because its owner was silent for too long. Writes and locks fail with {@link ConflictException}
 * when another transaction holds what they touch; then nothing has changed, and the transaction goes on.
 */
public interface Transaction extends AutoCloseable {
    /** Never given to another. */
    long id();

    /** What is committed at the moment, or was changed by this transaction. */
    Optional<byte[]> get(String keyspace, byte[] key);

    /** As {@link #get}; from now to the end of this transaction nobody else changes the key, there or not. */
    Optional<byte[]> getForUpdate(String keyspace, byte[] key);

    /**
     * Rows of {@code from <= key < to} in byte order, with this transaction's own changes, all as of one moment; see {@link
     * io.tidemark.engine.StorageEngine#scan}.
     */
    Scan scan(String keyspace, byte[] from, byte[] to, int limitRows, long limitBytes);

    /** Sets a key. A conflict, too, when the key has changed since this transaction read it. */
    void put(String keyspace, byte[] key, byte[] value);

    /** Removes a key; false when it was not there. Otherwise as {@link #put}. */
    boolean delete(String keyspace, byte[] key);

    /** Removes all keys of {@code from <= key < to} (null: no bound) and keeps others out of the range; how many there were. */
    long deleteRange(String keyspace, byte[] from, byte[] to);

    /** Nobody else changes a key of this range, or adds one, to the end of this transaction. */
    void lockRange(String keyspace, byte[] from, byte[] to);

    /** A place to come back to. */
    long savepoint();

    /** Takes back what was changed, and gives back what was locked, after that savepoint, which stays. */
    void rollbackTo(long savepoint);

    /** Makes the changes everybody's, as durably as the store's options say. Returns the LSN of the commit. */
    long commit();

    long commit(Durability durability);

    /** Takes all changes back. */
    void rollback();

    /** Rolls back unless the transaction has ended. */
    @Override
    void close();
}
