package io.tidemark.daemon.http;

import io.tidemark.client.HttpAnswer;
import io.tidemark.client.Transport;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpField;

/**
 * Brings a write to the leader: here, or by handing the whole request to the leader's port. While there is no leader it
 * waits for one. A write that may have been applied is repeated only if it is recognised when it comes again (rule E9);
 * otherwise it is answered OUTCOME_UNKNOWN. No thread waits.
 */
final class WriteRoute {
    private static final long PAUSE_MILLIS = 20;
    /** Headers that belong to the request itself, and travel on with it. */
    private static final List<String> ONWARD = List.of(
            "Content-Type",
            "If-Match",
            "If-None-Match",
            Headers.ACK,
            Headers.TRANSACTION,
            Headers.SESSION,
            Headers.SEQUENCE,
            Headers.REPLIED_THROUGH);
    /** Headers of the leader's answer, and travel back with it. */
    private static final List<String> BACK =
            List.of("ETag", "Retry-After", Headers.LSN, Headers.SHIPPED, Headers.ERROR);

    private final Transport transport;
    private final Executor executor;
    private final Duration timeout;
    private final LongSupplier nanoClock;

    WriteRoute(Transport transport, Executor executor, Duration timeout, LongSupplier nanoClock) {
        this.transport = transport;
        this.executor = executor;
        this.timeout = timeout;
        this.nanoClock = nanoClock;
    }

    /**
     * @param here proposes it at this node; called once per attempt
     * @param repeatable whether applying it twice is recognised, or does no harm
     */
    CompletableFuture<Answer> send(
            Exchange exchange, byte[] body, boolean repeatable, Supplier<CompletableFuture<Answer>> here) {
        exchange.markWrite();
        Run run = new Run(exchange, body, repeatable, here);
        run.attempt();
        return run.result;
    }

    private final class Run {
        private final Exchange exchange;
        private final byte[] body;
        private final boolean repeatable;
        private final Supplier<CompletableFuture<Answer>> here;
        private final long deadlineNanos = nanoClock.getAsLong() + timeout.toNanos();
        private final CompletableFuture<Answer> result = new CompletableFuture<>();
        private boolean maybeApplied;

        Run(Exchange exchange, byte[] body, boolean repeatable, Supplier<CompletableFuture<Answer>> here) {
            this.exchange = exchange;
            this.body = body;
            this.repeatable = repeatable;
            this.here = here;
        }

        void attempt() {
            try {
                here.get().whenComplete((answer, error) -> {
                    if (error == null) {
                        result.complete(answer);
                    } else {
                        notHere(ErrorAnswer.unwrap(error));
                    }
                });
            } catch (RuntimeException e) {
                notHere(e);
            }
        }

        private void notHere(Throwable error) {
            if (error instanceof LeaderElsewhere elsewhere) {
                if (exchange.isForwarded()) {
                    fail(error);
                } else if (elsewhere.http() == null) {
                    again(error);
                } else {
                    handOn(elsewhere.http());
                }
            } else if (error instanceof TidemarkException e && e.kind() == ErrorKind.OUTCOME_UNKNOWN) {
                unknown(error);
            } else if (error instanceof TidemarkException e && e.kind() == ErrorKind.RETRY) {
                again(error);
            } else {
                fail(error);
            }
        }

        private void handOn(String leader) {
            Map<String, String> headers = new HashMap<>();
            headers.put(Headers.FORWARDED, "1");
            for (String name : ONWARD) {
                String value = exchange.header(name);
                if (value != null) {
                    headers.put(name, value);
                }
            }
            Duration left = Duration.ofNanos(Math.max(1_000_000, deadlineNanos - nanoClock.getAsLong()));
            CompletableFuture<HttpAnswer> asked;
            try {
                asked = transport.send(leader, exchange.method(), exchange.target(), headers, body, left);
            } catch (RuntimeException e) {
                fail(e); // it was not sent
                return;
            }
            asked.whenComplete((answer, error) -> {
                if (error == null) {
                    handedOn(answer);
                } else {
                    noAnswer(leader, ErrorAnswer.unwrap(error));
                }
            });
        }

        private void handedOn(HttpAnswer answer) {
            String kind = answer.header(Headers.ERROR);
            if (answer.status() == 503 && ErrorKind.RETRY.name().equals(kind)) {
                again(new TidemarkException(ErrorKind.RETRY, answer.endpoint() + ": " + answer.text()));
            } else if (answer.status() == 504) {
                unknown(new TidemarkException(ErrorKind.OUTCOME_UNKNOWN, answer.endpoint() + ": " + answer.text()));
            } else if (answer.status() >= 300 && maybeApplied) {
                fail(new TidemarkException(ErrorKind.RETRY, answer.endpoint() + ": " + answer.text()));
            } else {
                result.complete(passedOn(answer));
            }
        }

        private void noAnswer(String leader, Throwable error) {
            String what = "the leader at " + leader + " did not answer: " + error;
            if (error instanceof ConnectException) {
                again(new TidemarkException(ErrorKind.RETRY, what, error));
            } else {
                unknown(new TidemarkException(ErrorKind.OUTCOME_UNKNOWN, what, error));
            }
        }

        private void unknown(Throwable error) {
            maybeApplied = true;
            if (repeatable) {
                again(error);
            } else {
                fail(error);
            }
        }

        private void again(Throwable error) {
            if (nanoClock.getAsLong() + PAUSE_MILLIS * 1_000_000 - deadlineNanos > 0) {
                fail(error);
            } else {
                CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS, executor)
                        .execute(this::attempt);
            }
        }

        /** A refusal does not take back what an earlier attempt may have done. */
        private void fail(Throwable error) {
            if (maybeApplied && !(error instanceof TidemarkException e && e.kind() == ErrorKind.OUTCOME_UNKNOWN)) {
                result.completeExceptionally(new TidemarkException(
                        ErrorKind.OUTCOME_UNKNOWN,
                        "an earlier attempt may have been applied, the last one was not: " + error.getMessage(),
                        error));
            } else {
                result.completeExceptionally(error);
            }
        }
    }

    private static Answer passedOn(HttpAnswer answer) {
        List<HttpField> fields = new ArrayList<>();
        for (String name : BACK) {
            String value = answer.header(name);
            if (value != null) {
                fields.add(new HttpField(name, value));
            }
        }
        return new Answer.Whole(answer.status(), answer.header("Content-Type"), answer.body(), fields);
    }
}
