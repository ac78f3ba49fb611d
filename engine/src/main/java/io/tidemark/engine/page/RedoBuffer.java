package io.tidemark.engine.page;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A byte array that grows; kept from entry to entry, so that small entries allocate nothing. Big-endian. */
public final class RedoBuffer {
    private static final int KEPT_BYTES = 2 << 20;
    private static final int GROWTH_BYTES_MAX = 4 << 20;
    private static final VarHandle SHORTS = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private byte[] bytes = new byte[1024];
    private int length;

    /** Valid up to {@link #length()}, until the next append. */
    public byte[] array() {
        return bytes;
    }

    public int length() {
        return length;
    }

    /** Empties the buffer, and lets go of an array that one large entry has blown up. */
    public void clear() {
        length = 0;
        if (bytes.length > KEPT_BYTES) {
            bytes = new byte[KEPT_BYTES];
        }
    }

    /** Makes room for so many bytes more at once: a large value would otherwise be copied each time the array grows. */
    public void reserve(int count) {
        ensure(Math.addExact(length, count));
    }

    public void putByte(int value) {
        int at = grow(1);
        bytes[at] = (byte) value;
    }

    public void putShort(int value) {
        int at = grow(Short.BYTES);
        SHORTS.set(bytes, at, (short) value);
    }

    public void putInt(int value) {
        int at = grow(Integer.BYTES);
        INTS.set(bytes, at, value);
    }

    public void putLong(long value) {
        int at = grow(Long.BYTES);
        LONGS.set(bytes, at, value);
    }

    public void putBytes(byte[] source, int from, int count) {
        int at = grow(count);
        System.arraycopy(source, from, bytes, at, count);
    }

    /** Appends room for {@code count} bytes that the caller fills in; returns where it is. */
    public int skip(int count) {
        return grow(count);
    }

    void setInt(int at, int value) {
        INTS.set(bytes, at, value);
    }

    static int getShort(byte[] bytes, int at) {
        return (short) SHORTS.get(bytes, at) & 0xFFFF;
    }

    static int getInt(byte[] bytes, int at) {
        return (int) INTS.get(bytes, at);
    }

    static long getLong(byte[] bytes, int at) {
        return (long) LONGS.get(bytes, at);
    }

    private int grow(int count) {
        int at = length;
        int needed = Math.addExact(at, count);
        ensure(needed);
        length = needed;
        return at;
    }

    private void ensure(int needed) {
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length + Math.min(bytes.length, GROWTH_BYTES_MAX)));
        }
    }
}
