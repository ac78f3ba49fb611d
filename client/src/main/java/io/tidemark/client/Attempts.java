package io.tidemark.client;

import io.tidemark.client.TidemarkClientException.Kind;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks one node after the other until one gives a definite answer or the deadline passes. Only for requests that may be
 * repeated: reads, and writes of a session. Thread-safe.
 */
final class Attempts {
    private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);
    private static final long PAUSE_MIN_MILLIS = 10;
    private static final long PAUSE_MAX_MILLIS = 500;
    private static final String LEADER_HEADER = "Tidemark-Leader";

    private final Transport transport;
    private final Endpoints endpoints;
    private final Duration attemptTimeout;
    private final ScheduledExecutorService timer;
    private final LongSupplier nanoClock;

    Attempts(
            Transport transport,
            Endpoints endpoints,
            Duration attemptTimeout,
            ScheduledExecutorService timer,
            LongSupplier nanoClock) {
        this.transport = transport;
        this.endpoints = endpoints;
        this.attemptTimeout = attemptTimeout;
        this.timer = timer;
        this.nanoClock = nanoClock;
    }

    /**
     * @param changes false for a read: then no outcome of it can be unknown
     * @param body made anew for each attempt; may return null
     */
    record Question(String method, String path, Map<String, String> headers, boolean changes, Supplier<byte[]> body) {}

    /**
     * The first answer that another attempt would not change. Fails with OUTCOME_UNKNOWN when some attempt may have
     * changed something and no reply says what, with UNAVAILABLE when none can have done anything.
     */
    CompletableFuture<HttpAnswer> ask(Question question, long deadlineNanos) {
        Run run = new Run(question, deadlineNanos);
        run.attempt();
        return run.result;
    }

    /** What went wrong last, empty when the last answer was a good one. */
    String trouble() {
        return endpoints.trouble();
    }

    private final class Run {
        private final Question question;
        private final long deadlineNanos;
        private final CompletableFuture<HttpAnswer> result = new CompletableFuture<>();
        private int attempts;
        private boolean maybeApplied;
        private String lastTrouble = "no attempt was made";

        Run(Question question, long deadlineNanos) {
            this.question = question;
            this.deadlineNanos = deadlineNanos;
        }

        void attempt() {
            long now = nanoClock.getAsLong();
            long left = deadlineNanos - now;
            if (left <= 0) {
                giveUp();
                return;
            }
            attempts++;
            String endpoint = endpoints.pick(now);
            Duration timeout = Duration.ofNanos(Math.min(left, attemptTimeout.toNanos()));
            try {
                transport
                        .send(
                                endpoint,
                                question.method(),
                                question.path(),
                                question.headers(),
                                question.body().get(),
                                timeout)
                        .whenComplete((answer, error) -> finish(endpoint, answer, error));
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        }

        private void finish(String endpoint, HttpAnswer answer, Throwable error) {
            if (error == null && isDefinite(answer)) {
                endpoints.answered(endpoint, answer.header(LEADER_HEADER));
                settle(answer);
                return;
            }
            if (error != null) {
                Throwable cause = error instanceof CompletionException ? error.getCause() : error;
                maybeApplied |= question.changes() && !(cause instanceof ConnectException);
                lastTrouble = endpoint + ": " + cause;
                endpoints.failed(endpoint, nanoClock.getAsLong(), lastTrouble);
            } else {
                maybeApplied |= question.changes() && isPerhapsDone(ErrorBody.kind(answer));
                lastTrouble = ErrorBody.of(answer).getMessage();
                learn(endpoint, answer);
            }
            LOG.debug("attempt {} of {} {} failed: {}", attempts, question.method(), question.path(), lastTrouble);
            again(error != null && endpoints.anyRested(nanoClock.getAsLong()));
        }

        private boolean isPerhapsDone(Kind kind) {
            return kind == Kind.OUTCOME_UNKNOWN || kind == Kind.NOT_IN_S3;
        }

        /** A refusal does not take back what an earlier attempt may have done. */
        private void settle(HttpAnswer answer) {
            if (maybeApplied && answer.status() >= 300) {
                result.completeExceptionally(new TidemarkClientException(
                        Kind.OUTCOME_UNKNOWN,
                        "an earlier attempt may have been applied (" + lastTrouble + "), this one was not: "
                                + ErrorBody.of(answer).getMessage()));
            } else {
                result.complete(answer);
            }
        }

        private void learn(String endpoint, HttpAnswer answer) {
            String leader = answer.header(LEADER_HEADER);
            if (leader == null || leader.equals(endpoint)) {
                endpoints.failed(endpoint, nanoClock.getAsLong(), lastTrouble);
            } else {
                endpoints.answered(endpoint, leader);
            }
        }

        private void again(boolean atOnce) {
            long pause = atOnce ? 0 : Math.min(PAUSE_MAX_MILLIS, PAUSE_MIN_MILLIS << Math.min(attempts, 8));
            try {
                timer.schedule(this::attempt, pause, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                result.completeExceptionally(Budget.closedException());
            }
        }

        private void giveUp() {
            Kind kind = maybeApplied ? Kind.OUTCOME_UNKNOWN : Kind.UNAVAILABLE;
            result.completeExceptionally(new TidemarkClientException(
                    kind,
                    "no answer from " + endpoints.configured() + " after " + attempts + " attempts; the last: "
                            + lastTrouble));
        }
    }

    /** 503 and 504 say that asking again may help; anything else stands. */
    private static boolean isDefinite(HttpAnswer answer) {
        return answer.status() != 503 && answer.status() != 504 && answer.status() != 502;
    }
}
