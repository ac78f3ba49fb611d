package io.tidemark.daemon.http;

import io.tidemark.client.ScanRange;

/** Bounds of a scan, as the engine takes them: {@code from <= key < to}, null for none. */
record KeyRange(byte[] from, byte[] to) {

    /** Where all of the parameters hold, each of which may be null. */
    static KeyRange of(byte[] prefix, byte[] from, byte[] after, byte[] to) {
        ScanRange range = new ScanRange(prefix, from, after, to);
        return new KeyRange(range.low(), range.high());
    }

    KeyRange startingAt(byte[] key) {
        return new KeyRange(key, to);
    }

    boolean isEmpty() {
        return new ScanRange(null, from, null, to).isEmpty();
    }
}
