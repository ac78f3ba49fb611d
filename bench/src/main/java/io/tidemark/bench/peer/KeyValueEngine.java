package io.tidemark.bench.peer;

/**
 * What every embedded store can do, in a form that lets a caller reuse its arrays: none that comes in is kept, none that
 * goes out may be kept. Failures are unchecked.
 */
public interface KeyValueEngine extends AutoCloseable {
    /** What {@link #get} answers for a key that is not there. */
    int ABSENT = -1;

    /** Sets a key: logged, not synced. */
    void put(byte[] key, byte[] value);

    /**
     * Copies the value into {@code target}, which is long enough.
     *
     * @return length of the value, or {@link #ABSENT}
     */
    int get(byte[] key, byte[] target);

    /** Removes a key that is there: logged, not synced. */
    void delete(byte[] key);

    /** Hands all rows over in order of their keys, from the first or the last on, until the sink has enough. */
    void scan(Direction direction, RowSink sink);

    /** Sets all these keys or, after a crash, none; they are synced when this returns. Any number of threads. */
    void transaction(byte[][] keys, byte[][] values);

    /** Makes everything durable that was written before. */
    void sync();

    @Override
    void close();

    /** Order of a scan. */
    enum Direction {
        FORWARD,
        BACKWARD
    }

    /** Where a scan's rows go. */
    @FunctionalInterface
    interface RowSink {
        /**
         * @param key of exactly its length
         * @param value in the first {@code length} bytes
         * @return false when it has enough
         */
        boolean row(byte[] key, byte[] value, int length);
    }
}
