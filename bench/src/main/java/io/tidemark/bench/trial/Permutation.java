package io.tidemark.bench.trial;

/**
 * A bijection of {@code 0..size-1} that looks random: a Feistel network of four rounds over the next even number of bits,
 * walked until the result lies within. Costs no memory, whatever the size.
 */
public final class Permutation {
    private static final int ROUNDS = 4;
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private final int size;
    private final long seed;
    private final int halfBits;
    private final int halfMask;

    /** @param size at least 1 */
    public Permutation(int size, long seed) {
        this.size = size;
        this.seed = seed;
        int bits = Math.max(2, 32 - Integer.numberOfLeadingZeros(size - 1));
        halfBits = (bits + 1) / 2;
        halfMask = (1 << halfBits) - 1;
    }

    public int at(int place) {
        int value = place;
        do {
            value = network(value);
        } while (Integer.compareUnsigned(value, size) >= 0);
        return value;
    }

    private int network(int value) {
        int left = value >>> halfBits;
        int right = value & halfMask;
        for (int round = 0; round < ROUNDS; round++) {
            long mixed = (right + seed + round) * MIX;
            int next = left ^ ((int) (mixed >>> 40) & halfMask);
            left = right;
            right = next;
        }
        return (left << halfBits) | right;
    }
}
