package io.tidemark.bench.trial;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Runs work for a time and says what it took. One thread. */
final class Stopwatch {
    /** Between two looks at the clock. */
    private static final int STRIDE = 16;

    private final LongSupplier nanoClock;

    Stopwatch(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** One piece of work. */
    @FunctionalInterface
    interface Step {
        void run(long ordinal);
    }

    /**
     * Runs the step until the time is over, and then {@code end}.
     *
     * @param most runs of the step, counted from 0
     * @param end belongs to the work: a sync, or nothing
     * @param putBytesPerStep keys and values put by one step
     */
    Figure measure(Row row, Duration limit, long most, Step step, Runnable end, int putBytesPerStep) {
        Usage before = Meter.usage();
        long begun = nanoClock.getAsLong();
        long steps = run(begun, limit, most, step);
        end.run();
        long nanos = nanoClock.getAsLong() - begun;
        return new Figure(row, steps, nanos, Meter.usage().since(before), steps * putBytesPerStep, -1, "");
    }

    /** The same without taking its measure; returns the steps taken. */
    long warmUp(Duration limit, long most, Step step) {
        return run(nanoClock.getAsLong(), limit, most, step);
    }

    private long run(long begun, Duration limit, long most, Step step) {
        long limitNanos = limit.toNanos();
        long done = 0;
        while (done < most && nanoClock.getAsLong() - begun < limitNanos) {
            long stop = Math.min(most, done + STRIDE);
            while (done < stop) {
                step.run(done++);
            }
        }
        return done;
    }

    /** True once so much time has passed since now. */
    Operations.Enough after(Duration limit) {
        long begun = nanoClock.getAsLong();
        long limitNanos = limit.toNanos();
        return rows -> rows % (STRIDE * STRIDE) == 0 && nanoClock.getAsLong() - begun >= limitNanos;
    }

    long now() {
        return nanoClock.getAsLong();
    }
}
