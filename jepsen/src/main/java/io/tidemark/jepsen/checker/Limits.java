package io.tidemark.jepsen.checker;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * How much a checker may spend. What is not decided within is {@link Verdict.Outcome#UNKNOWN}.
 *
 * @param time for one check
 * @param states of one search that may be remembered; some 40 bytes each
 * @param nanos the clock
 */
public record Limits(Duration time, int states, LongSupplier nanos) {

    /** Two minutes, four million states: some 160 MB of heap at worst. */
    public static Limits standard() {
        return new Limits(Duration.ofMinutes(2), 4_000_000, System::nanoTime);
    }

    /** The same with another number of states. */
    public Limits withStates(int number) {
        return new Limits(time, number, nanos);
    }

    /** The same with another time. */
    public Limits withTime(Duration other) {
        return new Limits(other, states, nanos);
    }

    /** A question that is answered with yes once the time, counted from now, is used up. */
    public BooleanSupplier deadline() {
        long end = nanos.getAsLong() + time.toNanos();
        return () -> nanos.getAsLong() - end >= 0;
    }
}
