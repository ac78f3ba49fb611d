package io.tidemark.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Waits for S3 to have LSNs, for all callers with one question at a time: for the least LSN that somebody waits for, and
 * the answer brings the mark. Thread-safe.
 */
final class ShippedMark {
    static final String HEADER = "Tidemark-Shipped";
    private static final long WAIT_MILLIS = 2_000;

    private final Attempts attempts;
    private final LongSupplier nanoClock;
    private final long waitMillis;
    private final TreeMap<Long, List<Waiter>> waiting = new TreeMap<>();
    private boolean asking;
    private long mark = -1;

    private record Waiter(long lsn, long deadlineNanos, CompletableFuture<Long> result) {}

    /** @param attemptTimeout a question is to be answered well within it */
    ShippedMark(Attempts attempts, Duration attemptTimeout, LongSupplier nanoClock) {
        this.attempts = attempts;
        this.nanoClock = nanoClock;
        this.waitMillis = Math.max(1, Math.min(WAIT_MILLIS, attemptTimeout.toMillis() / 2));
    }

    /** Completes with a mark at or past {@code lsn}; fails with {@link NotInS3Exception} at the deadline. */
    CompletableFuture<Long> await(long lsn, long deadlineNanos) {
        CompletableFuture<Long> result = new CompletableFuture<>();
        synchronized (this) {
            if (mark >= lsn) {
                return CompletableFuture.completedFuture(mark);
            }
            waiting.computeIfAbsent(lsn, l -> new ArrayList<>()).add(new Waiter(lsn, deadlineNanos, result));
        }
        ask();
        return result;
    }

    private void ask() {
        long least;
        long left = 0;
        long now = nanoClock.getAsLong();
        synchronized (this) {
            if (asking || waiting.isEmpty()) {
                return;
            }
            asking = true;
            least = waiting.firstKey();
            for (List<Waiter> same : waiting.values()) {
                for (Waiter waiter : same) {
                    left = Math.max(left, waiter.deadlineNanos() - now);
                }
            }
        }
        // the answer shall come before the time is over, or the node would be taken for one that does not answer
        long wait = Math.min(waitMillis, TimeUnit.NANOSECONDS.toMillis(left) / 2);
        String path = "/v1/shipped?at-least=" + least + "&wait-millis=" + wait;
        attempts.ask(new Attempts.Question("GET", path, Map.of(), false, () -> null), now + left)
                .whenComplete(this::answered);
    }

    private void answered(HttpAnswer answer, Throwable error) {
        synchronized (this) {
            asking = false;
        }
        if (error != null) {
            // whoever still waits past its deadline is told by expire(), which asks again for the others
            return;
        }
        String said = answer.status() == 200 ? answer.header(HEADER) : null;
        if (said == null) {
            TidemarkClientException refused = ErrorBody.of(answer);
            take(w -> true)
                    .forEach(w -> w.result()
                            .completeExceptionally(new NotInS3Exception(
                                    w.lsn(),
                                    "done at LSN " + w.lsn() + "; whether S3 has it is not known: "
                                            + refused.getMessage())));
            return;
        }
        reached(Long.parseLong(said));
        ask();
    }

    private void reached(long shipped) {
        synchronized (this) {
            mark = Math.max(mark, shipped);
        }
        take(w -> w.lsn() <= shipped).forEach(w -> w.result().complete(shipped));
    }

    /** Fails who has waited past the deadline. */
    void expire() {
        long now = nanoClock.getAsLong();
        String last = attempts.trouble();
        String trouble = last.isEmpty() ? "" : "; the last trouble: " + last;
        take(w -> w.deadlineNanos() - now <= 0).forEach(w -> fail(w, trouble));
        ask();
    }

    void close() {
        take(w -> true).forEach(w -> fail(w, "; the client was closed"));
    }

    private void fail(Waiter waiter, String trouble) {
        waiter.result()
                .completeExceptionally(new NotInS3Exception(
                        waiter.lsn(),
                        "done at LSN " + waiter.lsn()
                                + " by a majority of nodes, and S3 did not have it in time (its mark" + " was "
                                + shown() + "). Do not repeat it: it will be shipped" + trouble));
    }

    private synchronized long shown() {
        return mark;
    }

    private synchronized List<Waiter> take(Predicate<Waiter> which) {
        List<Waiter> taken = new ArrayList<>();
        for (Iterator<List<Waiter>> i = waiting.values().iterator(); i.hasNext(); ) {
            List<Waiter> same = i.next();
            same.stream().filter(which).forEach(taken::add);
            same.removeIf(which);
            if (same.isEmpty()) {
                i.remove();
            }
        }
        return taken;
    }
}
