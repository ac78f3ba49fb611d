package io.tidemark.client;

import io.tidemark.client.PendingRequest.Answer;
import io.tidemark.client.wire.BatchReply.Status;
import io.tidemark.client.wire.BatchRequest.Op;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/**
 * A transaction of the cluster, open until it is committed or rolled back, or until nothing has been asked of it for its
 * time-out. Whoever knows its id can go on with it, in any process. Its changes are seen by itself only; what it has
 * changed or locked nobody else changes.
 *
 * <p>Futures fail with kind CONFLICT, at once, when another transaction holds what is asked for; nothing has changed then
 * and the transaction goes on. They fail with NOT_FOUND when this one has ended. Wait for one request before the next:
 * requests in flight together have no order. A request that failed with OUTCOME_UNKNOWN may have been applied; a commit
 * too. Thread-safe.
 */
public final class Transaction {
    private static final byte[] NOTHING = {};

    private final long id;
    private final TidemarkClient client;

    Transaction(long id, TidemarkClient client) {
        this.id = id;
        this.client = client;
    }

    public long id() {
        return id;
    }

    /** What is committed, or was changed by this transaction; linearizable. */
    public CompletableFuture<GetResult> get(String keyspace, byte[] key) {
        return client.ask(id, Op.GET, Precondition.none(), keyspace, key, NOTHING)
                .thenApply(a -> a.reply().status() == Status.OK
                        ? new GetResult(a.reply().value(), a.reply().version(), a.lsn())
                        : new GetResult(null, Version.NONE, a.lsn()));
    }

    /** Keeps the key as it is, there or not. Returns its version, {@link Version#NONE} when it is not. */
    public CompletableFuture<Version> lock(String keyspace, byte[] key) {
        return client.ask(id, Op.LOCK_KEY, Precondition.none(), keyspace, key, NOTHING)
                .thenApply(a -> a.reply().version());
    }

    /**
     * Keeps all keys of {@code from <= key < to} as they are, those too that do not exist.
     *
     * @param from null for the first
     * @param to null for past the last
     */
    public CompletableFuture<Void> lockRange(String keyspace, byte[] from, byte[] to) {
        return client.ask(
                        id,
                        Op.LOCK_RANGE,
                        Precondition.none(),
                        keyspace,
                        from == null ? NOTHING : from,
                        to == null ? NOTHING : to)
                .thenApply(a -> null);
    }

    public CompletableFuture<PutResult> put(String keyspace, byte[] key, byte[] value) {
        return put(keyspace, key, value, Precondition.none());
    }

    /** Fails with {@link ConditionFailedException} when {@code condition} does not hold. */
    public CompletableFuture<PutResult> put(String keyspace, byte[] key, byte[] value, Precondition condition) {
        return client.ask(id, Op.PUT, condition, keyspace, key, value)
                .thenApply(a -> new PutResult(a.reply().version()));
    }

    public CompletableFuture<DeleteResult> delete(String keyspace, byte[] key) {
        return delete(keyspace, key, Precondition.none());
    }

    /** Fails with {@link ConditionFailedException} when {@code condition} does not hold. */
    public CompletableFuture<DeleteResult> delete(String keyspace, byte[] key, Precondition condition) {
        return client.ask(id, Op.DELETE, condition, keyspace, key, NOTHING)
                .thenApply(a -> new DeleteResult(
                        a.reply().status() == Status.OK, a.reply().version()));
    }

    /** A place to come back to. */
    public CompletableFuture<Long> savepoint() {
        return end(Op.SAVEPOINT, NOTHING)
                .thenApply(a -> ByteBuffer.wrap(a.reply().value()).getLong());
    }

    /** Takes back what was changed after a savepoint, which stays. */
    public CompletableFuture<Void> rollbackTo(long savepoint) {
        byte[] position = ByteBuffer.allocate(Long.BYTES).putLong(savepoint).array();
        return end(Op.ROLLBACK_TO, position).thenApply(a -> null);
    }

    /** Makes all changes everybody's, at once. Returns the LSN. */
    public CompletableFuture<Long> commit() {
        return end(Op.COMMIT, NOTHING).thenApply(a -> a.reply().version().lsn());
    }

    /** As above; with {@link Ack#S3} fails with {@link NotInS3Exception} when it is committed and S3 is not that far. */
    public CompletableFuture<Long> commit(Ack ack) {
        long deadline = client.deadline();
        return commit().thenCompose(lsn -> client.acknowledged(ack, lsn, deadline, lsn));
    }

    /** Takes all changes back. */
    public CompletableFuture<Void> rollback() {
        return end(Op.ROLLBACK, NOTHING).thenApply(a -> null);
    }

    private CompletableFuture<Answer> end(Op op, byte[] value) {
        return client.ask(id, op, Precondition.none(), "", NOTHING, value);
    }
}
