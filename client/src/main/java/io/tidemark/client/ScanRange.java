package io.tidemark.client;

/**
 * A range of keys in byte order; null means no bound. The bounds hold together with the prefix.
 *
 * @param prefix keys that begin with it
 * @param from first key
 * @param after only keys greater than it
 * @param to end of the range, itself excluded
 */
public record ScanRange(byte[] prefix, byte[] from, byte[] after, byte[] to) {
    public static ScanRange all() {
        return new ScanRange(null, null, null, null);
    }

    public static ScanRange ofPrefix(byte[] prefix) {
        return new ScanRange(prefix, null, null, null);
    }

    /** The rest of this range, from {@code key} on. */
    public ScanRange startingAt(byte[] key) {
        return new ScanRange(prefix, key, null, to);
    }
}
