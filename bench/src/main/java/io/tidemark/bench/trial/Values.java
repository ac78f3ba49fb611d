package io.tidemark.bench.trial;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Values of one length, a function of (index, generation): a stamp in the first and last eight bytes, between them a
 * piece of a seeded pool in which every second run of 32 bytes is one byte repeated, so that they compress to about half.
 */
public final class Values {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int POOL_BYTES = 1 << 20;
    private static final int RUN_BYTES = 32;
    private static final int STAMP_BYTES = 8;

    private final int bytes;
    private final byte[] pool;

    /** @param bytes length of a value, from 16 to a mebibyte */
    public Values(int bytes, long seed) {
        if (bytes < 2 * STAMP_BYTES || bytes > POOL_BYTES) {
            throw new IllegalArgumentException("a value has 16 to 1,048,576 bytes, not " + bytes);
        }
        this.bytes = bytes;
        this.pool = new byte[POOL_BYTES + bytes];
        SplittableRandom random = new SplittableRandom(seed);
        random.nextBytes(pool);
        for (int run = RUN_BYTES; run + RUN_BYTES <= pool.length; run += 2 * RUN_BYTES) {
            Arrays.fill(pool, run, run + RUN_BYTES, pool[run]);
        }
    }

    public int bytes() {
        return bytes;
    }

    /** @param target of exactly {@link #bytes} */
    public void write(int index, int generation, byte[] target) {
        long stamp = stamp(index, generation);
        System.arraycopy(pool, offset(stamp), target, 0, bytes);
        LONG.set(target, 0, stamp);
        LONG.set(target, bytes - STAMP_BYTES, stamp);
    }

    /** Whether length and both stamps are right. */
    boolean isStamped(int index, int generation, byte[] value, int length) {
        long stamp = stamp(index, generation);
        return length == bytes
                && (long) LONG.get(value, 0) == stamp
                && (long) LONG.get(value, bytes - STAMP_BYTES) == stamp;
    }

    /** Whether every byte is right. */
    boolean isWhole(int index, int generation, byte[] value, int length) {
        int from = offset(stamp(index, generation));
        return isStamped(index, generation, value, length)
                && Arrays.equals(
                        value, STAMP_BYTES, bytes - STAMP_BYTES, pool, from + STAMP_BYTES, from + bytes - STAMP_BYTES);
    }

    private static long stamp(int index, int generation) {
        long mixed = ((long) index << 8 | generation) * 0x9E3779B97F4A7C15L;
        return mixed ^ mixed >>> 29;
    }

    private static int offset(long stamp) {
        return (int) (stamp >>> 44);
    }
}
