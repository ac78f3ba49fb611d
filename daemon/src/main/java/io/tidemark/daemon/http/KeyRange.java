package io.tidemark.daemon.http;

import java.util.Arrays;

/** Bounds of a scan, as the engine takes them: {@code from <= key < to}, null for none. */
record KeyRange(byte[] from, byte[] to) {

    /** Where all of the parameters hold, each of which may be null. */
    static KeyRange of(byte[] prefix, byte[] from, byte[] after, byte[] to) {
        byte[] low = later(prefix, from);
        if (after != null) {
            low = later(low, Arrays.copyOf(after, after.length + 1));
        }
        byte[] high = to;
        byte[] pastPrefix = prefix == null ? null : past(prefix);
        if (pastPrefix != null && (high == null || Arrays.compareUnsigned(pastPrefix, high) < 0)) {
            high = pastPrefix;
        }
        return new KeyRange(low, high);
    }

    KeyRange startingAt(byte[] key) {
        return new KeyRange(key, to);
    }

    boolean isEmpty() {
        return from != null && to != null && Arrays.compareUnsigned(from, to) >= 0 || to != null && to.length == 0;
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
}
