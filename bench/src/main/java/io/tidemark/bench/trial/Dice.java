package io.tidemark.bench.trial;

/** Numbers that look random, without garbage: xorshift64*. One thread. */
public final class Dice {
    private static final long MULTIPLIER = 0x2545F4914F6CDD1DL;

    private long state;

    public Dice(long seed) {
        state = seed * 0x9E3779B97F4A7C15L + 1;
        if (state == 0) {
            state = 1;
        }
    }

    /** From 0 to below {@code bound}. */
    public int below(int bound) {
        state ^= state >>> 12;
        state ^= state << 25;
        state ^= state >>> 27;
        long high = state * MULTIPLIER >>> 32;
        return (int) (high * bound >>> 32);
    }
}
