package io.tidemark.daemon.http;

import io.tidemark.client.wire.BatchReply;
import io.tidemark.client.wire.BatchRequest;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Precondition;
import io.tidemark.engine.log.Reply;
import io.tidemark.engine.log.SessionRef;
import io.tidemark.engine.log.Version;
import java.nio.ByteBuffer;

/** The batch format's words in those of the log, and back. */
final class WireCommands {
    /** Undo rows that a command consumes itself: enough for most transactions, and several such fit one entry. */
    static final int ROWS = 16;

    /** Pages that a slice of a range delete may change. */
    private static final int RANGE_PAGES = 256;

    private WireCommands() {}

    /** @param request anything but a GET */
    static Command command(BatchRequest batch, BatchRequest.Request request) {
        SessionRef session = batch.session() == null
                ? null
                : new SessionRef(version(batch.session()), request.sequence(), batch.repliedThrough());
        Operation operation = switch (request.op()) {
            case PUT ->
                new Operation.Put(request.keyspace(), request.key(), request.value(), condition(request.condition()));
            case DELETE -> new Operation.Delete(request.keyspace(), request.key(), condition(request.condition()));
            case OPEN_SESSION -> new Operation.OpenSession();
            case BEGIN -> new Operation.Begin(number(request));
            case SAVEPOINT -> new Operation.Savepoint();
            case LOCK_KEY -> new Operation.LockKey(request.keyspace(), request.key());
            case LOCK_RANGE ->
                new Operation.LockRange(request.keyspace(), bound(request.key()), bound(request.value()));
            case DELETE_RANGE ->
                deleteRange(request.keyspace(), new KeyRange(bound(request.key()), bound(request.value())));
            case COMMIT -> new Operation.Commit(ROWS);
            case ROLLBACK -> new Operation.Rollback(ROWS);
            case ROLLBACK_TO -> new Operation.RollbackTo(number(request), ROWS);
            case GET -> throw new IllegalArgumentException("a GET is no command of the log");
        };
        boolean opens = operation instanceof Operation.OpenSession;
        return new Command(opens ? null : session, request.transaction(), operation);
    }

    /** A slice of it: what fits beside others in one entry. */
    static Operation deleteRange(String keyspace, KeyRange range) {
        return new Operation.DeleteRange(keyspace, range.from(), range.to(), RANGE_PAGES);
    }

    private static long number(BatchRequest.Request request) {
        if (request.value().length != Long.BYTES) {
            throw new TidemarkException(
                    ErrorKind.INVALID, request.op() + " has a value of 8 bytes, not " + request.value().length);
        }
        return ByteBuffer.wrap(request.value()).getLong();
    }

    private static byte[] bound(byte[] key) {
        return key.length == 0 ? null : key;
    }

    static BatchReply.Reply reply(Reply reply) {
        BatchReply.Status status = switch (reply.status()) {
            case OK -> BatchReply.Status.OK;
            case NOT_FOUND -> BatchReply.Status.NOT_FOUND;
            case CONDITION_FAILED -> BatchReply.Status.CONDITION_FAILED;
            case OUTCOME_UNKNOWN -> BatchReply.Status.OUTCOME_UNKNOWN;
            case REFUSED -> BatchReply.Status.REFUSED;
            case CONFLICT -> BatchReply.Status.CONFLICT;
            case NO_TRANSACTION -> BatchReply.Status.NO_TRANSACTION;
            case LIMIT -> BatchReply.Status.LIMIT;
        };
        return new BatchReply.Reply(status, wire(reply.version()), reply.payload());
    }

    static io.tidemark.client.Version wire(Version version) {
        return new io.tidemark.client.Version(version.lsn(), version.index());
    }

    private static Version version(io.tidemark.client.Version version) {
        return new Version(version.lsn(), version.index());
    }

    private static Precondition condition(io.tidemark.client.Precondition condition) {
        return switch (condition.kind()) {
            case NONE -> Precondition.NONE;
            case ABSENT -> Precondition.ABSENT;
            case VERSION_IS -> new Precondition.VersionIs(version(condition.version()));
        };
    }
}
