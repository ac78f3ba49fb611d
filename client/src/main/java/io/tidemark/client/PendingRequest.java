package io.tidemark.client;

import io.tidemark.client.wire.BatchReply;
import io.tidemark.client.wire.BatchRequest;
import java.util.concurrent.CompletableFuture;

/** A request that a caller waits for. */
final class PendingRequest {
    private final long transaction;
    private final BatchRequest.Op op;
    private final Precondition condition;
    private final String keyspace;
    private final byte[] key;
    private final byte[] value;
    private final long deadlineNanos;
    private final CompletableFuture<Answer> result = new CompletableFuture<>();
    private Session session;
    private long sequence;

    /** A reply with the LSN of the batch that it came in. */
    record Answer(BatchReply.Reply reply, long lsn) {}

    /** @param transaction 0 for none */
    PendingRequest(
            long transaction,
            BatchRequest.Op op,
            Precondition condition,
            String keyspace,
            byte[] key,
            byte[] value,
            long deadlineNanos) {
        this.transaction = transaction;
        this.op = op;
        this.condition = condition;
        this.keyspace = keyspace;
        this.key = key;
        this.value = value;
        this.deadlineNanos = deadlineNanos;
    }

    CompletableFuture<Answer> result() {
        return result;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    /** Null for a read. */
    Session session() {
        return session;
    }

    long sequence() {
        return sequence;
    }

    /** Called once, when it is cut into a batch of writes. */
    void numbered(Session of, long given) {
        session = of;
        sequence = given;
    }

    long bytes() {
        return key.length + (long) value.length;
    }

    BatchRequest.Request toWire() {
        return new BatchRequest.Request(sequence, transaction, op, condition, keyspace, key, value);
    }

    @Override
    public String toString() {
        String what = op + " " + keyspace + "/" + KeyText.encode(key);
        return transaction == 0 ? what : what + " of transaction " + transaction;
    }
}
