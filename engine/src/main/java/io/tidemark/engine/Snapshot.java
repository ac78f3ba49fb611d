package io.tidemark.engine;

import io.tidemark.engine.StorageEngine.ContentsDigest;
import io.tidemark.engine.StorageEngine.Row;
import io.tidemark.engine.StorageEngine.Scan;
import java.util.List;
import java.util.Optional;

/**
 * The committed state at exactly one LSN, for as long as it is open, whatever is applied meanwhile. Nothing waits for it
 * and it waits for nothing; it costs memory for the pages that have changed since.
 *
 * <p>Any thread, several at once. Every call but {@link #lsn} and {@link #close} fails with {@code SNAPSHOT_TOO_OLD} once
 * the option {@code snapshotBytes} has no room any more for what this snapshot, the oldest, needs; with {@code INVALID}
 * after {@link #close}; with {@code UNAVAILABLE} after the engine's.
 */
public interface Snapshot extends AutoCloseable {
    /** LSN of the last entry in it, -1 before the first. */
    long lsn();

    /** As {@link StorageEngine#get}. */
    Optional<Row> get(String keyspace, byte[] key);

    /** As {@link StorageEngine#scan}. */
    Scan scan(String keyspace, byte[] from, byte[] to, int limitRows, long limitBytes);

    /**
     * A cursor before the first row of {@code from <= key < to} in this direction: backward, that is the row with the
     * greatest key.
     *
     * @param from null for the first key
     * @param to null for past the last key
     */
    Cursor open(String keyspace, byte[] from, byte[] to, Direction direction);

    /** Names of the keyspaces that hold or held a key, sorted. */
    List<String> keyspaces();

    /** Digest of all keyspaces. */
    ContentsDigest contents();

    /** Lets the old pages go; closing twice does no harm. */
    @Override
    void close();
}
