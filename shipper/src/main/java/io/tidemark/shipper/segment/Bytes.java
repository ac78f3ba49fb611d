package io.tidemark.shipper.segment;

import java.util.Arrays;

/**
 * Bytes that grow by what is added and little more: a segment may hold one value of 16 MiB, and room kept twice over for
 * it is memory that a daemon does not have.
 */
final class Bytes {
    private static final int GROWTH_MAX = 1 << 20;

    private byte[] array = new byte[1024];
    private int size;

    int size() {
        return size;
    }

    /** Valid up to {@link #size()}, until the next addition. */
    byte[] array() {
        return array;
    }

    void add(byte[] source) {
        int at = reserve(source.length);
        System.arraycopy(source, 0, array, at, source.length);
        size += source.length;
    }

    /** Makes room for up to so many bytes behind the last; returns where. They count once {@link #added}. */
    int reserve(int count) {
        int needed = Math.addExact(size, count);
        if (needed > array.length) {
            array = Arrays.copyOf(array, Math.max(needed, array.length + Math.min(array.length, GROWTH_MAX)));
        }
        return size;
    }

    /** So many of the reserved bytes have been filled in. */
    void added(int count) {
        size += count;
    }

    /** Empties it; room for more than {@code kept} bytes is let go. */
    void clear(int kept) {
        size = 0;
        if (array.length > kept) {
            array = new byte[kept];
        }
    }

    /** The bytes in an array of exactly their length, which is let go here. */
    byte[] take() {
        byte[] taken = size == array.length ? array : Arrays.copyOf(array, size);
        array = new byte[0];
        size = 0;
        return taken;
    }
}
