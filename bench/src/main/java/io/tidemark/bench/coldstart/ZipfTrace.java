package io.tidemark.bench.coldstart;

import io.tidemark.bench.trial.Permutation;
import java.util.Arrays;
import java.util.Random;

/** Items asked for one after another, each by itself, the one at rank {@code r} as often as {@code r} to the power of {@code -skew}. */
final class ZipfTrace {
    private ZipfTrace() {}

    /**
     * @param items 0 to one less; which of them are asked for often is anybody's guess
     * @param skew 0.99 as YCSB has it, 0 for all alike
     */
    static int[] of(int items, double skew, int length, long seed) {
        double[] upTo = new double[items];
        double sum = 0;
        for (int rank = 0; rank < items; rank++) {
            sum += Math.pow(rank + 1.0, -skew);
            upTo[rank] = sum;
        }
        Permutation places = new Permutation(items, seed);
        Random random = new Random(seed);
        int[] trace = new int[length];
        for (int i = 0; i < length; i++) {
            int found = Arrays.binarySearch(upTo, random.nextDouble() * sum);
            trace[i] = places.at(found < 0 ? -found - 1 : found);
        }
        return trace;
    }
}
