package io.tidemark.client;

import io.tidemark.client.PendingRequest.Answer;
import io.tidemark.client.TidemarkClientException.Kind;
import io.tidemark.client.wire.BatchReply;
import io.tidemark.client.wire.BatchRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The way of requests to the cluster in batches, and of replies to their callers. A batch keeps its lane until its
 * callers have their replies, so that those who ask again at once leave together again. Thread-safe.
 */
abstract class Pipeline implements BatchQueue.Cutter<PendingRequest> {
    private static final Map<String, String> HEADERS = Map.of("Content-Type", BatchRequest.MEDIA_TYPE);

    final ClientOptions options;
    final Attempts attempts;
    final LongSupplier nanoClock;
    private final String path;
    private final BatchQueue<PendingRequest> queue;
    private final Set<List<PendingRequest>> inFlight = Collections.newSetFromMap(new IdentityHashMap<>());

    Pipeline(ClientOptions options, int lanes, String path, Attempts attempts, LongSupplier nanoClock) {
        this.options = options;
        this.path = path;
        this.attempts = attempts;
        this.nanoClock = nanoClock;
        this.queue = new BatchQueue<>(lanes, this);
    }

    void add(PendingRequest request) {
        queue.add(request);
    }

    void flow() {
        queue.flow();
    }

    /** The message of this batch, made anew for each attempt. */
    abstract BatchRequest message(List<PendingRequest> batch);

    abstract boolean changes();

    /** Told of each reply before its caller is; true when the caller is to be told. */
    abstract boolean onReply(PendingRequest request, BatchReply.Reply reply);

    /** The batch is over, whatever came of it; its callers know. */
    abstract void onOver(List<PendingRequest> batch);

    /** Moves up to the options' bounds from {@code waiting}, as long as {@code more} allows, telling {@code taken}. */
    final List<PendingRequest> take(
            Deque<PendingRequest> waiting, BooleanSupplier more, Consumer<PendingRequest> taken) {
        List<PendingRequest> batch = new ArrayList<>();
        long bytes = 0;
        while (!waiting.isEmpty() && batch.size() < options.batchRequests() && more.getAsBoolean()) {
            bytes += waiting.peek().bytes();
            if (!batch.isEmpty() && bytes > options.batchBytes()) {
                break;
            }
            taken.accept(waiting.peek());
            batch.add(waiting.remove());
        }
        return batch;
    }

    @Override
    public final CompletableFuture<Void> send(List<PendingRequest> batch) {
        synchronized (inFlight) {
            inFlight.add(batch);
        }
        long deadline = batch.get(batch.size() - 1).deadlineNanos();
        Attempts.Question question = new Attempts.Question(
                "POST", path, HEADERS, changes(), () -> message(batch).encode());
        return attempts.ask(question, deadline).handle((answer, error) -> {
            synchronized (inFlight) {
                inFlight.remove(batch);
            }
            if (error == null) {
                deliver(batch, answer);
            } else {
                Throwable cause = error instanceof CompletionException ? error.getCause() : error;
                batch.forEach(r -> fail(r, cause));
            }
            onOver(batch);
            return null;
        });
    }

    private void deliver(List<PendingRequest> batch, HttpAnswer answer) {
        if (answer.status() != 200) {
            TidemarkClientException refused = ErrorBody.of(answer);
            batch.forEach(r -> fail(r, refused));
            return;
        }
        BatchReply message;
        try {
            message = BatchReply.decode(answer.body());
            if (message.replies().size() != batch.size()) {
                throw new IllegalArgumentException(
                        message.replies().size() + " replies to " + batch.size() + " requests");
            }
        } catch (IllegalArgumentException e) {
            Kind kind = changes() ? Kind.OUTCOME_UNKNOWN : Kind.UNAVAILABLE;
            String what = answer.endpoint() + " answered what is no batch reply: " + e.getMessage();
            batch.forEach(r -> fail(r, new TidemarkClientException(kind, what, e)));
            return;
        }
        for (int i = 0; i < batch.size(); i++) {
            BatchReply.Reply reply = message.replies().get(i);
            if (onReply(batch.get(i), reply)) {
                batch.get(i).result().complete(new Answer(reply, message.lsn()));
            }
        }
    }

    static void fail(PendingRequest request, Throwable error) {
        if (error instanceof TidemarkClientException e) {
            request.result()
                    .completeExceptionally(new TidemarkClientException(e.kind(), request + ": " + e.getMessage(), e));
        } else {
            request.result()
                    .completeExceptionally(new TidemarkClientException(Kind.FATAL, request + ": " + error, error));
        }
    }

    /** Fails what has waited past its deadline. */
    void expire() {
        long now = nanoClock.getAsLong();
        String last = attempts.trouble();
        String trouble = last.isEmpty() ? "" : "; the last trouble: " + last;
        for (PendingRequest late : queue.removeHead(r -> r.deadlineNanos() - now <= 0)) {
            fail(
                    late,
                    new TidemarkClientException(
                            Kind.UNAVAILABLE, "not sent within " + options.requestTimeout() + trouble));
        }
        List<PendingRequest> late = new ArrayList<>();
        synchronized (inFlight) {
            for (List<PendingRequest> batch : inFlight) {
                batch.stream().filter(r -> r.deadlineNanos() - now <= 0).forEach(late::add);
            }
        }
        Kind kind = changes() ? Kind.OUTCOME_UNKNOWN : Kind.UNAVAILABLE;
        late.forEach(r ->
                fail(r, new TidemarkClientException(kind, "no reply within " + options.requestTimeout() + trouble)));
    }

    /** Fails everything that has not been sent. */
    final void failWaiting(RuntimeException error) {
        queue.removeHead(r -> true).forEach(r -> fail(r, error));
    }

    /** Fails everything that has not been answered. */
    void close() {
        queue.removeHead(r -> true).forEach(r -> fail(r, Budget.closedException()));
        List<PendingRequest> open = new ArrayList<>();
        synchronized (inFlight) {
            inFlight.forEach(open::addAll);
        }
        Kind kind = changes() ? Kind.OUTCOME_UNKNOWN : Kind.UNAVAILABLE;
        open.forEach(r -> fail(r, new TidemarkClientException(kind, "the client was closed before the reply came")));
    }
}
