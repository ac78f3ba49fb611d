package io.tidemark.client;

import io.tidemark.client.TidemarkClientException.Kind;
import io.tidemark.client.wire.BatchReply;
import io.tidemark.client.wire.BatchReply.Status;
import io.tidemark.client.wire.BatchRequest;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;

/**
 * Writes, each numbered within a session, so that a batch may be sent again and again and is applied once (rule E9). The
 * session is opened by the first write, and again by the first one after it was lost or left idle.
 */
final class WritePipeline extends Pipeline {
    private static final byte[] OPEN_SESSION = new BatchRequest(
                    null,
                    0,
                    List.of(new BatchRequest.Request(
                            0, BatchRequest.Op.OPEN_SESSION, Precondition.none(), "", new byte[0], new byte[0])))
            .encode();

    private final ScheduledExecutorService timer;
    private final Object lock = new Object();
    private Session session;
    private boolean opening;

    WritePipeline(ClientOptions options, Attempts attempts, ScheduledExecutorService timer, LongSupplier nanoClock) {
        super(options, options.writeBatches(), "/v1/batch", attempts, nanoClock);
        this.timer = timer;
    }

    @Override
    boolean changes() {
        return true;
    }

    @Override
    public List<PendingRequest> cut(Deque<PendingRequest> waiting) {
        long now = nanoClock.getAsLong();
        synchronized (lock) {
            if (session != null
                    && session.isIdleSince(now - options.sessionIdle().toNanos())) {
                session = null;
            }
            if (session == null) {
                if (!opening && !timer.isShutdown()) {
                    opening = true;
                    timer.execute(this::openSession);
                }
                return List.of();
            }
            Session current = session;
            return take(waiting, current::hasRoom, r -> r.numbered(current, current.next(now)));
        }
    }

    /** Repeating it leaves an unused session behind, which the cluster forgets: no outcome of it matters. */
    private void openSession() {
        long deadline = nanoClock.getAsLong() + options.requestTimeout().toNanos();
        Attempts.Question question = new Attempts.Question(
                "POST", "/v1/batch", Map.of("Content-Type", BatchRequest.MEDIA_TYPE), false, () -> OPEN_SESSION);
        attempts.ask(question, deadline).whenComplete(this::opened);
    }

    /**
     * A cluster that refuses sessions, for want of disk for example, refuses every write: it is told to whoever waits, and
     * not asked again until somebody else writes.
     */
    private void opened(HttpAnswer answer, Throwable error) {
        Version id = null;
        RuntimeException refusal = null;
        try {
            id = error == null ? sessionOf(answer) : null;
        } catch (RuntimeException e) {
            refusal = e;
        }
        synchronized (lock) {
            opening = false;
            session = id == null ? null : new Session(id, nanoClock.getAsLong());
        }
        if (refusal != null) {
            failWaiting(refusal);
        }
        flow();
    }

    private static Version sessionOf(HttpAnswer answer) {
        if (answer.status() != 200) {
            throw ErrorBody.of(answer);
        }
        BatchReply.Reply reply = BatchReply.decode(answer.body()).replies().get(0);
        if (reply.status() != Status.OK) {
            throw new TidemarkClientException(Kind.UNAVAILABLE, "opening a session was answered " + reply.status());
        }
        return reply.version();
    }

    @Override
    BatchRequest message(List<PendingRequest> batch) {
        Session of = batch.get(0).session();
        long repliedThrough;
        synchronized (lock) {
            repliedThrough = of.repliedThrough();
        }
        return new BatchRequest(
                of.id(),
                repliedThrough,
                batch.stream().map(PendingRequest::toWire).toList());
    }

    @Override
    boolean onReply(PendingRequest request, BatchReply.Reply reply) {
        if (reply.status() == Status.OUTCOME_UNKNOWN) {
            synchronized (lock) {
                if (session == request.session()) {
                    session = null;
                }
            }
        }
        return true;
    }

    @Override
    void onOver(List<PendingRequest> batch) {
        synchronized (lock) {
            batch.forEach(r -> r.session().settle(r.sequence()));
        }
    }
}
