package io.tidemark.bench.load;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;

/** Runs a {@link Workload} against a {@link Target}: each writer starts its next write when its last is answered. */
public final class ClosedLoop {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long FAILURES_MAX = 10_000;

    /** A window is stretched up to this factor until it has seen as many writes as there are writers. */
    private static final int STRETCH_MAX = 2;

    private static final long HIGHEST_MICROS = TimeUnit.MINUTES.toMicros(10);

    private final LongSupplier nanoClock;
    private final long seed;

    public ClosedLoop(LongSupplier nanoClock, long seed) {
        this.nanoClock = nanoClock;
        this.seed = seed;
    }

    /**
     * @param warmUp load before the clock runs
     * @param measured length of the window, stretched up to twofold while it saw fewer writes than there are writers
     */
    public record Window(Duration warmUp, Duration measured) {}

    /** Is told when the window opens and closes; called on the thread that issues the load, so it must be short. */
    public interface Observer {
        Observer NONE = new Observer() {
            @Override
            public void opened() {}

            @Override
            public void closed() {}
        };

        void opened();

        void closed();
    }

    /**
     * Loads the target and returns when every write is answered.
     *
     * @throws TidemarkException UNAVAILABLE when no write was answered for 30 s, or 10,000 writes failed
     */
    public Measurement run(Target target, Workload workload, Window window, Observer observer) {
        return new Run(target, workload, window, observer).measure();
    }

    private record Answer(long startNanos, long endNanos, Throwable failure) {}

    private final class Run {
        private final Target target;
        private final Workload workload;
        private final Window window;
        private final Observer observer;
        private final Random random = new Random(seed);
        private final byte[][] values;
        private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
        private final Histogram micros = new Histogram(HIGHEST_MICROS, 3);
        private int inFlight;
        private long issued;
        private long failures;
        private String firstFailure;

        Run(Target target, Workload workload, Window window, Observer observer) {
            this.target = target;
            this.workload = workload;
            this.window = window;
            this.observer = observer;
            this.values = workload.values(random);
        }

        Measurement measure() {
            long begun = nanoClock.getAsLong();
            for (int i = 0; i < workload.writers(); i++) {
                issue();
            }
            long warm = window.warmUp().toNanos();
            while (nanoClock.getAsLong() - begun < warm) {
                take();
                issue();
            }
            observer.opened();
            long opened = nanoClock.getAsLong();
            while (isOpen(nanoClock.getAsLong() - opened)) {
                Answer answer = take();
                if (answer.failure() == null) {
                    micros.recordValue(Math.min(HIGHEST_MICROS, (answer.endNanos() - answer.startNanos()) / 1000));
                }
                issue();
            }
            long nanos = nanoClock.getAsLong() - opened;
            observer.closed();
            while (inFlight > 0) {
                take();
            }
            return new Measurement(micros, nanos, failures, firstFailure);
        }

        private boolean isOpen(long elapsed) {
            long length = window.measured().toNanos();
            return elapsed < length || (micros.getTotalCount() < workload.writers() && elapsed < STRETCH_MAX * length);
        }

        private void issue() {
            byte[] key = workload.key(random);
            byte[] value = values[(int) (issued++ % values.length)];
            long start = nanoClock.getAsLong();
            inFlight++;
            CompletableFuture<?> sent = target.write(key, value);
            CompletableFuture<?> timed = sent.whenComplete(
                    (reply, failure) -> answers.add(new Answer(start, nanoClock.getAsLong(), failure)));
            if (timed == null) {
                throw new IllegalStateException(target.name() + " returned no future");
            }
        }

        private Answer take() {
            Answer answer = await();
            inFlight--;
            if (answer.failure() != null) {
                failures++;
                firstFailure = firstFailure == null ? answer.failure().toString() : firstFailure;
                if (failures >= FAILURES_MAX) {
                    throw new TidemarkException(
                            ErrorKind.UNAVAILABLE,
                            failures + " writes to " + target.name() + " failed, the first with " + firstFailure);
                }
            }
            return answer;
        }

        private Answer await() {
            try {
                Answer answer = answers.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                if (answer == null) {
                    throw new TidemarkException(
                            ErrorKind.UNAVAILABLE,
                            target.name() + " answered none of " + inFlight + " writes of " + workload.valueLabel()
                                    + " for " + PATIENCE.toSeconds() + " s");
                }
                return answer;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new TidemarkException(ErrorKind.UNAVAILABLE, "interrupted while loading " + target.name(), e);
            }
        }
    }
}
