package io.tidemark.jepsen.checker;

/**
 * The states that a search has been in, as fingerprints of 128 bits in a table with open addressing: 16 bytes each, at most
 * two thirds full.
 *
 * <p>Two states with one fingerprint would make a search skip the second: for ten million states the odds are below 1 in
 * 10^24, and the error would be to find no order where there is one, never the reverse.
 */
final class ReachedStates {

    private long[] table = new long[2 * 1024];
    private int size;

    /** A fingerprint's half for one number; {@code salt} makes the halves independent. */
    static long mix(long number, long salt) {
        long z = number * 0x9E3779B97F4A7C15L + salt;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    int size() {
        return size;
    }

    /** Adds a state; answers false if it was there. */
    boolean add(long high, long low) {
        long nonZero = low == 0 ? 1 : low;
        if (3L * (size + 1) > table.length) {
            grow();
        }
        return insert(high, nonZero);
    }

    private boolean insert(long high, long low) {
        int mask = table.length / 2 - 1;
        int at = (int) low & mask;
        while (table[2 * at + 1] != 0) {
            if (table[2 * at] == high && table[2 * at + 1] == low) {
                return false;
            }
            at = (at + 1) & mask;
        }
        table[2 * at] = high;
        table[2 * at + 1] = low;
        size++;
        return true;
    }

    private void grow() {
        long[] old = table;
        table = new long[2 * old.length];
        size = 0;
        for (int i = 0; i < old.length; i += 2) {
            if (old[i + 1] != 0) {
                insert(old[i], old[i + 1]);
            }
        }
    }
}
