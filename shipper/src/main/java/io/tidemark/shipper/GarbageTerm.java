package io.tidemark.shipper;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.Retention;
import io.tidemark.engine.StorageEngine.State;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Operation;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.pace.Backoff;
import io.tidemark.shipper.pace.Pace;
import io.tidemark.shipper.retention.Garbage;
import io.tidemark.shipper.retention.RetentionOptions;
import io.tidemark.shipper.retention.RetentionPolicy;
import io.tidemark.shipper.store.ObjectStore;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one leader does about the past during one term of its leadership, as a state machine without a thread: {@link #step}
 * does the next thing and says how long to rest. It proposes to raise the floor and to collect garbage, and removes what the
 * log has decided on, once in each term and after each decision: whoever led before may not have come to the end. At rest
 * neither the log nor S3 hears of it.
 *
 * <p>Metrics: {@code shipper.garbage.objects}, {@code shipper.garbage.bytes}, both also by reason ({@code
 * shipper.garbage.below_floor.objects}), {@code shipper.garbage.sweeps}, {@code shipper.garbage.failures}.
 */
public final class GarbageTerm {
    private static final Logger LOG = LoggerFactory.getLogger(GarbageTerm.class);

    private final RetentionOptions options;
    private final RetentionPolicy policy;
    private final long proposalMillis;
    private final String history;
    private final ObjectStore store;
    private final Supplier<State> state;
    private final HighWaterProposer proposer;
    private final Pace pace;
    private final Backoff backoff;
    private final MetricRegistry metrics;
    private final ArrayDeque<Garbage.Item> items = new ArrayDeque<>();
    private volatile List<String> sparse = List.of();
    private volatile String error;
    private Announcement announcement;
    private Decided done = new Decided(-1, -1);
    private Decided doing;

    /** What the log says may go. */
    private record Decided(long below, long swept) {}

    GarbageTerm(
            ShipperOptions options,
            String history,
            ObjectStore store,
            Supplier<State> state,
            HighWaterProposer proposer,
            Pace pace,
            Backoff backoff,
            MetricRegistry metrics) {
        this.options = options.retention();
        this.policy = new RetentionPolicy(options.retention());
        this.proposalMillis = options.proposalMillis();
        this.history = history;
        this.store = store;
        this.state = state;
        this.proposer = proposer;
        this.pace = pace;
        this.backoff = backoff;
        this.metrics = metrics;
    }

    /** Why nothing moves, in words; null while all is well. Any thread. */
    public String error() {
        return error;
    }

    /** Packs whose pages are better carried over by the next checkpoint. Any thread. */
    public List<String> sparse() {
        return sparse;
    }

    /**
     * Does the next thing; blocks as long as a look through a history's objects.
     *
     * @return milliseconds to rest before the next step; 0 for none
     */
    public long step() {
        try {
            long rest = next();
            backoff.reset();
            error = null;
            return rest;
        } catch (TidemarkException e) {
            if (e.kind() == ErrorKind.FATAL) {
                throw e;
            }
            return failed(e);
        }
    }

    private long failed(TidemarkException e) {
        if (error == null) {
            LOG.warn("garbage of history {} waits: {}", history, e.getMessage());
        }
        counter("failures").inc();
        error = e.getMessage();
        announcement = null;
        items.clear();
        doing = null;
        return backoff.nextMillis();
    }

    private long next() {
        if (announcement != null) {
            return awaitAnswer();
        }
        State now = state.get();
        // after this no earlier leader's manifest can become the newest (rule X3)
        boolean mayRemove = history.equals(now.history())
                && !now.terms().isEmpty()
                && now.terms().get(now.terms().size() - 1).firstLsn() <= now.shipped();
        if (!mayRemove) {
            return options.pollMillis();
        }
        if (!items.isEmpty()) {
            remove(items.peek());
            items.remove();
            return 0;
        }
        if (doing != null) {
            done = doing;
            doing = null;
            counter("sweeps").inc();
        }
        Retention kept = now.retention();
        Decided decided = new Decided(kept.collected(), kept.swept());
        if (!decided.equals(done)) {
            look(kept, decided);
            return 0;
        }
        return propose(now);
    }

    private long awaitAnswer() {
        if (!announcement.isAnswered()) {
            return options.pollMillis();
        }
        announcement = null;
        return 0;
    }

    private void look(Retention kept, Decided decided) {
        Garbage.Found found = Garbage.find(
                new HistoryReader(store), history, kept, decided.below(), decided.swept(), options.packLivePercent());
        items.addAll(found.items());
        if (found.whole()) {
            sparse = found.sparse();
            doing = decided;
        }
        if (!items.isEmpty()) {
            LOG.info(
                    "history {}: {} objects go, below LSN {} or abandoned at or below {}; kept for {}",
                    history,
                    items.size(),
                    decided.below(),
                    decided.swept(),
                    found.holders().isEmpty() ? "no other history" : found.holders());
        }
    }

    private void remove(Garbage.Item item) {
        store.delete(item.key());
        String reason = item.reason().name().toLowerCase(Locale.ROOT);
        long bytes = Math.max(0, item.bytes());
        counter("objects").inc();
        counter("bytes").inc(bytes);
        counter(reason + ".objects").inc();
        counter(reason + ".bytes").inc(bytes);
        LOG.debug("removed {}: {}", item.key(), item.reason());
    }

    /** A step that is due by this node's clock alone is proposed only while that clock is trusted (rule E7). */
    private long propose(State now) {
        long wall = Math.max(now.timeMillis(), pace.wallMillis());
        Optional<Operation> next = policy.next(now.retention(), wall);
        if (next.isEmpty()) {
            return options.pollMillis();
        }
        if (!policy.next(now.retention(), now.timeMillis()).equals(next) && !proposer.isClockTrusted()) {
            throw new TidemarkException(
                    ErrorKind.UNAVAILABLE,
                    "nothing is given up or collected: this node's clock is not near that of most members");
        }
        announcement = new Announcement(
                proposer, pace, proposalMillis, next.get(), next.get().toString(), () -> {});
        return awaitAnswer();
    }

    private Counter counter(String name) {
        return metrics.counter("shipper.garbage." + name);
    }
}
