package io.tidemark.client;

import java.util.Arrays;

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

    /** The first key that may be in the range; null for the first of all. */
    public byte[] low() {
        byte[] low = later(prefix, from);
        return after == null ? low : later(low, Arrays.copyOf(after, after.length + 1));
    }

    /** The first key behind the range; null for past the last. */
    public byte[] high() {
        byte[] past = prefix == null ? null : past(prefix);
        return past != null && (to == null || Arrays.compareUnsigned(past, to) < 0) ? past : to;
    }

    /** Whether no key at all can be in it. */
    public boolean isEmpty() {
        byte[] low = low();
        byte[] high = high();
        return high != null && (high.length == 0 || low != null && Arrays.compareUnsigned(low, high) >= 0);
    }

    private static byte[] later(byte[] a, byte[] b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return Arrays.compareUnsigned(a, b) >= 0 ? a : b;
    }

    /** The least key greater than all that begin with {@code prefix}; null when there is none. */
    private static byte[] past(byte[] prefix) {
        for (int i = prefix.length - 1; i >= 0; i--) {
            if (prefix[i] != (byte) 0xff) {
                byte[] past = Arrays.copyOf(prefix, i + 1);
                past[i]++;
                return past;
            }
        }
        return null;
    }

    /** The rest of this range, from {@code key} on. */
    public ScanRange startingAt(byte[] key) {
        return new ScanRange(prefix, key, null, to);
    }
}
