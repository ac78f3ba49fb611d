package io.tidemark.daemon.http;

import io.tidemark.client.wire.BatchReply;
import io.tidemark.client.wire.BatchRequest;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Precondition;
import io.tidemark.engine.log.Reply;
import io.tidemark.engine.log.SessionRef;
import io.tidemark.engine.log.Version;

/** The batch format's words in those of the log, and back. */
final class WireCommands {
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
            case GET -> throw new IllegalArgumentException("a GET is no command of the log");
        };
        return new Command(operation instanceof Operation.OpenSession ? null : session, operation);
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
