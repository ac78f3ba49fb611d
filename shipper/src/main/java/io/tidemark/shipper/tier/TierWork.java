package io.tidemark.shipper.tier;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.segment.SegmentName;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread on which a node's tiers change: it keeps what was put, looks at the policy when that is due, writes down
 * reads, and does what is asked for by hand, one thing after another. Thread-safe.
 */
public final class TierWork implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TierWork.class);
    private static final long FLUSH_MILLIS = 10_000;

    /** The first look comes soon: a node has then heard of what others have shipped. */
    private static final long FIRST_MILLIS = 5_000;

    /** What waits to be written; a leader that ships faster than the disk writes keeps no copy of the rest. */
    private static final long WAITING_BYTES_MAX = 16 << 20;

    private static final long CLOSE_MILLIS = 5_000;

    private final SegmentTiers tiers;
    private final ScheduledExecutorService thread;
    private final AtomicLong waitingBytes = new AtomicLong();
    private CompletableFuture<Void> refresh = CompletableFuture.completedFuture(null);

    /** Begins; {@code tiers} stays open when this is closed. */
    public TierWork(SegmentTiers tiers) {
        this.tiers = tiers;
        this.thread = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread made = new Thread(work, "segment-tiers");
            made.setDaemon(true);
            return made;
        });
        thread.scheduleWithFixedDelay(() -> logged(tiers::flush), FLUSH_MILLIS, FLUSH_MILLIS, TimeUnit.MILLISECONDS);
        long check = tiers.options().checkMillis();
        if (check > 0) {
            thread.scheduleWithFixedDelay(
                    () -> logged(tiers::tick), Math.min(check, FIRST_MILLIS), check, TimeUnit.MILLISECONDS);
        }
    }

    private static void logged(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            // an exception would end all that is to come
            LOG.warn("the tiers of segments could not be looked after: {}", e.getMessage(), e);
        }
    }

    /** Keeps a copy soon, if it can; {@code bytes} must not change any more. */
    void keep(SegmentName name, byte[] bytes) {
        if (waitingBytes.addAndGet(bytes.length) > WAITING_BYTES_MAX + bytes.length) {
            waitingBytes.addAndGet(-bytes.length);
            return;
        }
        try {
            thread.execute(() -> {
                logged(() -> tiers.keep(name, bytes));
                waitingBytes.addAndGet(-bytes.length);
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("no copy of {} is kept, the node is closed", name);
        }
    }

    /** What may be asked at once, from any thread. */
    public SegmentTiers tiers() {
        return tiers;
    }

    /** Does something with the tiers, after what was asked for before; fails with what that throws. */
    public <T> CompletableFuture<T> submit(Function<SegmentTiers, T> work) {
        CompletableFuture<T> done = new CompletableFuture<>();
        try {
            thread.execute(() -> {
                try {
                    done.complete(work.apply(tiers));
                } catch (RuntimeException e) {
                    done.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            done.completeExceptionally(new TidemarkException(ErrorKind.UNAVAILABLE, "this node is being closed", e));
        }
        return done;
    }

    /**
     * Learns of what S3 has up to a mark, as {@link SegmentTiers#refreshTo}. Whoever asks while that is under way gets what
     * comes of it, though the mark may have moved: so those who ask often do not fill the queue while S3 is away.
     */
    public synchronized CompletableFuture<Void> refreshTo(long mark) {
        if (refresh.isDone()) {
            refresh = submit(of -> {
                of.refreshTo(mark);
                return null;
            });
        }
        return refresh.copy();
    }

    /** Lets what is under way end, for some seconds. */
    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.warn("the tiers of segments are still busy after {} ms", CLOSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
