package io.tidemark.engine.state;

import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Version;
import io.tidemark.engine.page.Cell;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * The named trees of a store as the one writer sees them in the middle of an entry: every change is at once visible to
 * the next look, and part of the entry's redo. Not thread-safe.
 */
public interface Trees {
    /** A record: its value and the version that last set it. The arrays are the caller's own. */
    record Stored(byte[] value, Version version) {}

    /** The version alone, without reading a large value; empty when the key, or only its ghost, or the tree exists. */
    Optional<Version> version(String tree, byte[] key);

    Optional<Stored> get(String tree, byte[] key);

    /** Sets the key, making the tree when it does not exist. */
    void put(String tree, byte[] key, byte[] value, Version version);

    /** Removes the key; false when it was not there. */
    boolean delete(String tree, byte[] key);

    /**
     * Removes all records of {@code from <= key < to} (null: no bound), large values and ghosts too, as far as that goes
     * with {@code pageBudget} changed pages, of which it takes at least {@link Operation.DeleteRange#PAGES_MIN}.
     *
     * @return the key to go on with, above {@code from} and below {@code to}; empty when the whole range is gone
     */
    Optional<byte[]> deleteRange(String tree, byte[] from, byte[] to, int pageBudget);

    /** The record as it is stored, ghosts too, without reading a large value. */
    Optional<Cell> cell(String tree, byte[] key);

    /**
     * The cell of a value that goes under this key, {@code head} before it. A value too large for a leaf is written to
     * pages that the cell owns, so the cell must be put.
     */
    Cell make(byte[] key, byte[] head, byte[] value, Version version);

    /** Sets the key to this cell, making the tree when it does not exist. The pages of what was there stay as they are. */
    void put(String tree, byte[] key, Cell cell);

    /** Removes the key, its pages stay as they are; false when it was not there. */
    boolean take(String tree, byte[] key);

    /** The value of a cell that owns pages. */
    byte[] overflow(Cell cell);

    /** Gives up the pages of a cell that no tree holds any more; no change when it has none. */
    void free(Cell cell);

    /** Hands out key and value of {@code from <= key < to} (null: no bound) in byte order until the visitor answers false; it must not change the tree. */
    void scan(String tree, byte[] from, byte[] to, BiPredicate<byte[], byte[]> visitor);
}
