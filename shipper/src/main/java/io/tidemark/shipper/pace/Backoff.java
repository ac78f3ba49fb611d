package io.tidemark.shipper.pace;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.util.random.RandomGenerator;

/**
 * Full-jitter back-off: the n-th delay is drawn evenly from {@code 0..min(max, first * 2^n)}, so that many callers that
 * failed together do not come back together. Not thread-safe; one per caller.
 */
public final class Backoff {
    private final long firstMillis;
    private final long maxMillis;
    private final RandomGenerator random;
    private int failures;

    /**
     * @param firstMillis upper bound of the first delay, at least 1
     * @param maxMillis upper bound of every delay, at least {@code firstMillis}
     */
    public Backoff(long firstMillis, long maxMillis, RandomGenerator random) {
        if (firstMillis < 1 || maxMillis < firstMillis) {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    "back-off needs 1 <= first <= max, not first " + firstMillis + " ms, max " + maxMillis + " ms");
        }
        this.firstMillis = firstMillis;
        this.maxMillis = maxMillis;
        this.random = random;
    }

    /** Counts one more failure and answers the delay before the next try. */
    public long nextMillis() {
        long bound = failures >= 40 ? maxMillis : Math.min(maxMillis, firstMillis << failures);
        failures++;
        return random.nextLong(bound + 1);
    }

    /** Failures in a row. */
    public int failures() {
        return failures;
    }

    /** A success: the next delay is short again. */
    public void reset() {
        failures = 0;
    }
}
