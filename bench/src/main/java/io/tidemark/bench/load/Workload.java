package io.tidemark.bench.load;

import java.util.Random;

/**
 * What the writers write.
 *
 * @param valueBytes 1 byte to 2 MiB; larger than that no bare Ratis entry may be
 * @param writers writes in flight, 1 to 2,048
 */
public record Workload(int valueBytes, int writers) {
    private static final int KEYS = 1 << 16;
    private static final int VARIANTS = 8;

    public Workload {
        require(valueBytes >= 1 && valueBytes <= 2 << 20, "value bytes (1 to 2 MiB)", valueBytes);
        require(writers >= 1 && writers <= 2048, "writers (1 to 2048)", writers);
    }

    private static void require(boolean holds, String what, int found) {
        if (!holds) {
            throw new IllegalArgumentException(what + " cannot be " + found);
        }
    }

    /** 16 bytes: one of 65,536 keys, uniformly chosen. */
    byte[] key(Random random) {
        long key = random.nextInt(KEYS);
        byte[] bytes = new byte[16];
        for (int i = bytes.length - 1; i >= 0; i--, key /= 10) {
            bytes[i] = (byte) ('0' + key % 10);
        }
        return bytes;
    }

    /** Values that do not compress, made before the clock runs. */
    byte[][] values(Random random) {
        byte[][] values = new byte[VARIANTS][valueBytes];
        for (byte[] value : values) {
            random.nextBytes(value);
        }
        return values;
    }

    /** {@code 128 B}, {@code 16 KiB}, {@code 1 MiB}. */
    public String valueLabel() {
        if (valueBytes % (1 << 20) == 0) {
            return (valueBytes >> 20) + " MiB";
        }
        return valueBytes % 1024 == 0 ? (valueBytes >> 10) + " KiB" : valueBytes + " B";
    }
}
