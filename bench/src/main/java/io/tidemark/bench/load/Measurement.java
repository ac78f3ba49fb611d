package io.tidemark.bench.load;

import org.HdrHistogram.Histogram;

/**
 * What one window of load showed.
 *
 * @param micros latency of each write that completed within the window, microseconds
 * @param nanos length of the window
 * @param failures writes that failed, from the first of the warm-up to the last of the drain
 * @param firstFailure its message, or null
 */
public record Measurement(Histogram micros, long nanos, long failures, String firstFailure) {

    public long writes() {
        return micros.getTotalCount();
    }

    public double writesPerSecond() {
        return writes() * 1e9 / nanos;
    }

    /** Milliseconds below which this share of the writes, in percent, stayed. */
    public double millisAt(double percentile) {
        return micros.getValueAtPercentile(percentile) / 1000.0;
    }

    /** Both windows taken as one. */
    public Measurement plus(Measurement other) {
        Histogram sum = micros.copy();
        sum.add(other.micros);
        return new Measurement(
                sum,
                nanos + other.nanos,
                failures + other.failures,
                firstFailure == null ? other.firstFailure : firstFailure);
    }
}
