package io.tidemark.shipper;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.StorageEngine.State;
import io.tidemark.engine.error.Halt;
import io.tidemark.shipper.pace.Pace;
import io.tidemark.shipper.store.ObjectStore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Ships the log while this node leads. {@link #lead} and {@link #rest} follow Raft's role; both return at once. A term
 * that was told to rest may still finish the request that it is in: that is the stale leader whom the design makes
 * harmless.
 *
 * <p>Threads: one per term of leadership. Every method may be called from any thread.
 */
public final class Shipper implements AutoCloseable {
    private static final long CLOSE_MILLIS = 5_000;

    private final ShipperOptions options;
    private final String history;
    private final ObjectStore store;
    private final LogSource log;
    private final HighWaterProposer proposer;
    private final Supplier<State> state;
    private final Pace pace;
    private final RandomGenerator random;
    private final ShipperMetrics metrics;
    private final Halt halt;
    private Worker worker;

    /**
     * @param history the history that this cluster writes; nothing is shipped before the log has begun it (rule H2)
     * @param state this node's engine state
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
            Halt halt) {
        this.options = options;
        this.history = history;
        this.store = store;
        this.log = log;
        this.proposer = proposer;
        this.state = state;
        this.pace = pace;
        this.random = random;
        this.metrics = new ShipperMetrics(metrics);
        this.halt = halt;
    }

    /**
     * What is known of S3 here.
     *
     * @param leading whether a term is running; the rest is null when not
     * @param phase where it stands
     * @param error why nothing moves; null while all is well
     */
    public record Status(boolean leading, ShippingTerm.Phase phase, String error) {}

    /** A term without a thread, to be stepped by hand. */
    public ShippingTerm newTerm() {
        return new ShippingTerm(options, history, store, log, proposer, state, pace, random, metrics, halt);
    }

    /** This node leads now. No effect when it did already. */
    public synchronized void lead() {
        if (worker == null) {
            worker = new Worker(newTerm());
            worker.start();
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
            LockSupport.unpark(worker);
        }
    }

    public synchronized Status status() {
        return worker == null
                ? new Status(false, null, null)
                : new Status(true, worker.term.phase(), worker.term.error());
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

    /** The thread of one term. */
    private final class Worker extends Thread {
        private final ShippingTerm term;
        private volatile boolean dismissed;

        Worker(ShippingTerm term) {
            super("shipper");
            this.term = term;
            setDaemon(true);
        }

        @Override
        public void run() {
            try {
                while (!dismissed) {
                    long rest = term.step();
                    if (term.error() != null) {
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
            }
        }

        void dismiss() {
            dismissed = true;
            interrupt();
        }

        void awaitEnd() {
            try {
                join(CLOSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
