package io.tidemark.shipper;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.StorageEngine.State;
import io.tidemark.engine.error.Halt;
import io.tidemark.shipper.checkpoint.CheckpointTerm;
import io.tidemark.shipper.pace.Backoff;
import io.tidemark.shipper.pace.Pace;
import io.tidemark.shipper.store.ObjectStore;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Ships the log while this node leads. {@link #lead} and {@link #rest} follow Raft's role; both return at once. A term
 * that was told to rest may still finish the request that it is in: that is the stale leader whom the design makes
 * harmless.
 *
 * <p>Threads per term of leadership: one for the log, as many as segments may be under way at once (they end when idle), one
 * for checkpoints of pages, and one for the past. Every method may be called from any thread.
 */
public final class Shipper implements AutoCloseable {
    private static final long CLOSE_MILLIS = 5_000;
    private static final long IDLE_SECONDS = 10;

    private final ShipperOptions options;
    private final String history;
    private final ObjectStore store;
    private final LogSource log;
    private final HighWaterProposer proposer;
    private final Supplier<State> state;
    private final Pace pace;
    private final RandomGenerator random;
    private final MetricRegistry registry;
    private final ShipperMetrics metrics;
    private final Halt halt;
    private final Optional<CheckpointTerm.Parts> checkpoints;
    private Worker worker;

    /** Of the term before: two never use the scratch directory together. */
    private Thread lastPacks;

    /** Ships the log alone. */
    public Shipper(
            ShipperOptions options,
            String history,
            ObjectStore store,
            LogSource log,
            HighWaterProposer proposer,
            Supplier<State> state,
            Pace pace,
            RandomGenerator random,
            MetricRegistry metrics,
            Halt halt) {
        this(options, history, store, log, proposer, state, pace, random, metrics, halt, Optional.empty());
    }

    /**
     * @param history the history that this cluster writes; nothing is shipped before the log has begun it (rule H2)
     * @param state this node's engine state
     * @param checkpoints how checkpoints of pages are made; empty for none
     */
    public Shipper(
            ShipperOptions options,
            String history,
            ObjectStore store,
            LogSource log,
            HighWaterProposer proposer,
            Supplier<State> state,
            Pace pace,
            RandomGenerator random,
            MetricRegistry metrics,
            Halt halt,
            Optional<CheckpointTerm.Parts> checkpoints) {
        this.options = options;
        this.history = history;
        this.store = store;
        this.log = log;
        this.proposer = proposer;
        this.state = state;
        this.pace = pace;
        this.random = random;
        this.registry = metrics;
        this.metrics = new ShipperMetrics(metrics);
        this.halt = halt;
        this.checkpoints = checkpoints;
    }

    /**
     * What is known of S3 here.
     *
     * @param leading whether a term is running; the rest is null when not
     * @param phase where it stands
     * @param error why nothing moves; null while all is well
     * @param checkpointError why no checkpoint is made though one is due; null while all is well
     */
    public record Status(boolean leading, ShippingTerm.Phase phase, String error, String checkpointError) {}

    /** A term without a thread, to be stepped by hand, which puts segments within its steps; it makes no checkpoints. */
    public ShippingTerm newTerm() {
        return newTerm(Optional.empty());
    }

    /** As above. */
    public ShippingTerm newTerm(Optional<CheckpointTerm> checkpointTerm) {
        return newTerm(checkpointTerm, Runnable::run, () -> {});
    }

    /**
     * As above, with others to put segments.
     *
     * @param wake told on other threads that a step would find more to do
     */
    public ShippingTerm newTerm(Optional<CheckpointTerm> checkpointTerm, Executor workers, Runnable wake) {
        return new ShippingTerm(
                options,
                history,
                store,
                log,
                proposer,
                state,
                pace,
                random,
                metrics,
                halt,
                checkpointTerm,
                workers,
                wake);
    }

    /** The checkpoints of a new term, to be stepped by hand; empty when none are made. */
    public Optional<CheckpointTerm> newCheckpointTerm() {
        return newCheckpointTerm(List::of);
    }

    /**
     * As above.
     *
     * @param sparse packs whose pages are carried over
     */
    public Optional<CheckpointTerm> newCheckpointTerm(Supplier<List<String>> sparse) {
        return checkpoints.map(parts -> new CheckpointTerm(parts, backoff(parts.random()), sparse));
    }

    private Backoff backoff(RandomGenerator source) {
        return new Backoff(options.backoffFirstMillis(), options.backoffMaxMillis(), source);
    }

    /** What a new term does about the past, to be stepped by hand. */
    public GarbageTerm newGarbageTerm() {
        return new GarbageTerm(options, history, store, state, proposer, pace, backoff(random), registry);
    }

    /** This node leads now. No effect when it did already. */
    public synchronized void lead() {
        if (worker == null) {
            GarbageTerm garbage = newGarbageTerm();
            Optional<CheckpointTerm> pages = newCheckpointTerm(garbage::sparse);
            worker = new Worker(pages, garbage, lastPacks);
            worker.start();
            lastPacks = worker.packs.orElse(null);
        }
    }

    /** This node leads no more. No effect when it did not. */
    public synchronized void rest() {
        if (worker != null) {
            worker.dismiss();
            worker = null;
        }
    }

    /** There is something to do: looks at once instead of at the next poll. */
    public synchronized void nudge() {
        if (worker != null) {
            worker.wake();
        }
    }

    public synchronized Status status() {
        return worker == null
                ? new Status(false, null, null, null)
                : new Status(
                        true,
                        worker.term.phase(),
                        worker.term.error(),
                        worker.pages.map(CheckpointTerm::error).orElse(null));
    }

    /** Rests, and waits a while for the running request to end. */
    @Override
    public void close() {
        Worker last;
        synchronized (this) {
            last = worker;
            rest();
        }
        if (last != null) {
            last.awaitEnd();
        }
    }

    /** The threads of one term. */
    private final class Worker {
        private final ShippingTerm term;
        private final Optional<CheckpointTerm> pages;
        private final ThreadPoolExecutor uploads;
        private final Stepping segments;
        private final Optional<Stepping> packs;
        private final Stepping garbage;
        private volatile boolean dismissed;

        Worker(Optional<CheckpointTerm> pages, GarbageTerm past, Thread before) {
            this.pages = pages;
            this.uploads = uploads();
            this.term = newTerm(pages, uploads, this::wake);
            this.segments = new Stepping("shipper", term::step, () -> term.error() != null, null, term::close);
            this.packs =
                    pages.map(p -> new Stepping("shipper-pages", p::step, () -> p.error() != null, before, p::close));
            this.garbage = new Stepping("shipper-past", past::step, () -> past.error() != null, null, () -> {});
        }

        private ThreadPoolExecutor uploads() {
            int threads = options.parallelSegments();
            ThreadPoolExecutor pool = new ThreadPoolExecutor(
                    threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                        Thread thread = new Thread(work, "shipper-segment");
                        thread.setDaemon(true);
                        return thread;
                    });
            pool.allowCoreThreadTimeOut(true);
            return pool;
        }

        void start() {
            segments.start();
            packs.ifPresent(Thread::start);
            garbage.start();
        }

        void wake() {
            LockSupport.unpark(segments);
        }

        void dismiss() {
            dismissed = true;
            pages.ifPresent(CheckpointTerm::dismiss);
            segments.interrupt();
            uploads.shutdownNow();
            packs.ifPresent(Thread::interrupt);
            garbage.interrupt();
        }

        void awaitEnd() {
            try {
                segments.join(CLOSE_MILLIS);
                uploads.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
                if (packs.isPresent()) {
                    packs.get().join(CLOSE_MILLIS);
                }
                garbage.join(CLOSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** Takes step after step until the term is over. */
        private final class Stepping extends Thread {
            private final LongSupplier step;
            private final BooleanSupplier hasFailed;

            private final Thread before;
            private final Runnable end;

            /**
             * @param before ends first; null for none
             * @param end run last
             */
            Stepping(String name, LongSupplier step, BooleanSupplier hasFailed, Thread before, Runnable end) {
                super(name);
                this.step = step;
                this.hasFailed = hasFailed;
                this.before = before;
                this.end = end;
                setDaemon(true);
            }

            private void awaitBefore() {
                boolean interrupted = false;
                while (before != null && before.isAlive()) {
                    try {
                        before.join();
                    } catch (InterruptedException e) {
                        interrupted = true;
                    }
                }
                if (interrupted) {
                    interrupt();
                }
            }

            @Override
            public void run() {
                try {
                    awaitBefore();
                    while (!dismissed) {
                        long rest = step.getAsLong();
                        if (hasFailed.getAsBoolean()) {
                            // a nudge does not shorten the back-off
                            pace.pause(rest);
                        } else if (rest > 0 && !dismissed) {
                            LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(rest));
                        }
                    }
                } catch (RuntimeException | Error e) {
                    if (!dismissed) {
                        throw halt.halt("the shipper failed in a way that it does not know: " + e, e);
                    }
                } finally {
                    end.run();
                }
            }
        }
    }
}
