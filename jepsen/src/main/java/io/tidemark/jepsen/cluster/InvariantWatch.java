package io.tidemark.jepsen.cluster;

import io.tidemark.jepsen.checker.MarkRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Polls every node while a test runs and keeps what contradicts the invariant: {@link MarkRules}, and that S3 really holds
 * what a node says it holds ({@link ShippedObjects}), which is looked up after the node said so.
 *
 * <p>One daemon thread per node, so that a paused node does not blind the others' polls.
 */
public final class InvariantWatch implements AutoCloseable {

    private static final Duration PERIOD = Duration.ofMillis(100);
    private static final int VIOLATIONS_MAX = 20;

    private final Supplier<ShippedObjects> objects;
    private final List<Thread> pollers = new ArrayList<>();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private final AtomicLong polls = new AtomicLong();
    private final AtomicLong highest = new AtomicLong(-1);
    private volatile Consumer<NodeStatus> listener = status -> {};
    private volatile boolean closed;

    /** Starts watching. {@code objects} may answer null: then S3's own content is not looked at. */
    public InvariantWatch(List<String> names, Function<String, NodeStatus> look, Supplier<ShippedObjects> objects) {
        this.objects = objects;
        for (String name : names) {
            Thread poller = new Thread(() -> poll(name, look), "watch-" + name);
            poller.setDaemon(true);
            pollers.add(poller);
            poller.start();
        }
    }

    private void poll(String name, Function<String, NodeStatus> look) {
        MarkRules rules = new MarkRules();
        long covered = -1;
        while (!closed) {
            try {
                NodeStatus status = look.apply(name);
                if (status.up()) {
                    polls.incrementAndGet();
                    listener.accept(status);
                    rules.violation(status.marks()).ifPresent(v -> violated(v.explanation()));
                    highest.accumulateAndGet(status.s3HighWaterMark(), Math::max);
                    covered = covered(status, covered);
                }
            } catch (RuntimeException | AssertionError e) {
                violated("watching " + name + " failed: " + e);
            }
            Waiting.pause(PERIOD);
        }
    }

    private long covered(NodeStatus status, long covered) {
        ShippedObjects shipped = status.s3HighWaterMark() > covered ? objects.get() : null;
        if (shipped == null) {
            return covered;
        }
        long now = shipped.coveredThrough();
        if (now < status.s3HighWaterMark()) {
            violated("S3_HWM is early: S3 holds the log only through " + now + ": " + status);
        }
        return now;
    }

    private void violated(String violation) {
        if (violations.size() < VIOLATIONS_MAX) {
            violations.add(violation);
        }
    }

    /** From now on tells every status that it sees, in one thread per node. */
    public void listen(Consumer<NodeStatus> other) {
        listener = other;
    }

    /** How many statuses were judged. */
    public long polls() {
        return polls.get();
    }

    /** The highest S3_HWM that any node ever showed. */
    public long highestShipped() {
        return highest.get();
    }

    /** Fails if anything was seen that must not be. */
    public void check() {
        if (!violations.isEmpty()) {
            throw new AssertionError("the invariant was broken:\n  " + String.join("\n  ", violations));
        }
    }

    /** Stops watching; bounded by one poll. */
    @Override
    public void close() {
        closed = true;
        pollers.forEach(Thread::interrupt);
        for (Thread poller : pollers) {
            try {
                poller.join(5_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
