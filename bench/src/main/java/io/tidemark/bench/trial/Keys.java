package io.tidemark.bench.trial;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Keys of 16 bytes: a number, big-endian, and a second one that follows from it and looks random. Record {@code i} has the
 * number {@code 2 i}; the odd ones are never stored, so that a missing key lies among those that are there.
 */
public final class Keys {
    public static final int BYTES = 16;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int SECOND = 8;
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private Keys() {}

    public static void stored(int index, byte[] target) {
        write(2L * index, target);
    }

    public static void missing(int index, byte[] target) {
        write(2L * index + 1, target);
    }

    private static void write(long number, byte[] target) {
        LONG.set(target, 0, number);
        LONG.set(target, SECOND, (number + 1) * MIX);
    }

    /** Index of a stored key; -1 when these bytes are none. */
    public static int index(byte[] key) {
        if (key.length != BYTES) {
            return -1;
        }
        long number = (long) LONG.get(key, 0);
        boolean right = (number & 1) == 0 && (long) LONG.get(key, SECOND) == (number + 1) * MIX;
        return right ? (int) (number >>> 1) : -1;
    }
}
