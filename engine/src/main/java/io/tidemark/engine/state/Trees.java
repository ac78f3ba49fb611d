package io.tidemark.engine.state;

import io.tidemark.engine.log.Version;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * The named trees of a store as the one writer sees them in the middle of an entry: every change is at once visible to
 * the next look, and part of the entry's redo. Not thread-safe.
 */
public interface Trees {
    /** A record: its value and the version that last set it. The arrays are the caller's own. */
    record Stored(byte[] value, Version version) {}

    /** The version alone, without reading a large value; empty when the key or the tree does not exist. */
    Optional<Version> version(String tree, byte[] key);

    Optional<Stored> get(String tree, byte[] key);

    /** Sets the key, making the tree when it does not exist. */
    void put(String tree, byte[] key, byte[] value, Version version);

    /** Removes the key; false when it was not there. */
    boolean delete(String tree, byte[] key);

    /** Hands out key and value of {@code from <= key < to} (null: no bound) in byte order until the visitor answers false; it must not change the tree. */
    void scan(String tree, byte[] from, byte[] to, BiPredicate<byte[], byte[]> visitor);
}
