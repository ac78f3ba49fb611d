package io.tidemark.daemon.http;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.EntryLimits;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Reply;
import io.tidemark.engine.log.SessionRef;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * {@code POST /v1/transactions} opens one and answers its id; {@code POST /v1/transactions/{id}/VERB} goes on with it. In
 * between, requests for keys carry the header {@code Tidemark-Transaction}. In a session each of them applies once.
 */
final class TransactionFace {
    private static final byte[] NOTHING = {};
    private static final long IDLE_MILLIS = 60_000;

    private final NodeHolder node;
    private final Hop hop;
    private final WriteRoute route;

    TransactionFace(NodeHolder node, Hop hop, WriteRoute route) {
        this.node = node;
        this.hop = hop;
        this.route = route;
    }

    CompletableFuture<Answer> begin(Exchange exchange) {
        exchange.allowParameters("idle-millis");
        long idle = exchange.number("idle-millis", IDLE_MILLIS, 1, EntryLimits.TRANSACTION_TIMEOUT_MILLIS_MAX);
        return send(
                exchange,
                Command.NO_TRANSACTION,
                new Operation.Begin(idle),
                reply -> Map.of("transaction", reply.number(), "idleMillis", idle));
    }

    /** @param rest of the path: id, slash, verb */
    CompletableFuture<Answer> goOn(Exchange exchange, String rest) {
        int slash = rest.indexOf('/');
        if (slash < 0) {
            throw unknown(exchange);
        }
        long id = Exchange.number("a transaction's id", rest.substring(0, slash), 1, Long.MAX_VALUE);
        return switch (rest.substring(slash + 1)) {
            case "savepoint" -> {
                exchange.allowParameters();
                yield send(
                        exchange, id, new Operation.Savepoint(), reply -> Map.of("savepoint", (Object) reply.number()));
            }
            case "rollback-to" -> {
                exchange.allowParameters("savepoint");
                long savepoint = exchange.number("savepoint", 0, 1, Long.MAX_VALUE);
                yield end(exchange, id, new Operation.RollbackTo(savepoint, WireCommands.ROWS));
            }
            case "commit" -> {
                exchange.allowParameters();
                yield end(exchange, id, new Operation.Commit(WireCommands.ROWS));
            }
            case "rollback" -> {
                exchange.allowParameters();
                yield end(exchange, id, new Operation.Rollback(WireCommands.ROWS));
            }
            default -> throw unknown(exchange);
        };
    }

    private CompletableFuture<Answer> end(Exchange exchange, long id, Operation operation) {
        return send(
                exchange,
                id,
                operation,
                reply -> Map.of("lsn", (Object) reply.version().lsn()));
    }

    private CompletableFuture<Answer> send(
            Exchange exchange, long id, Operation operation, Function<Reply, Map<String, Object>> told) {
        SessionRef session = KeyValueFace.session(exchange);
        Command command = new Command(session, id, operation);
        EntryLimits.check(command);
        return route.send(
                exchange,
                NOTHING,
                session != null,
                () -> hop.from(node.get().submit(List.of(command))).thenApply(replies -> {
                    Reply reply = replies.get(0);
                    return reply.status() == Reply.Status.OK
                            ? Json.answer(
                                    200,
                                    told.apply(reply),
                                    KeyValueFace.lsn(reply.version().lsn()))
                            : KeyValueFace.refused(reply);
                }));
    }

    private static ErrorAnswer.Refusal unknown(Exchange exchange) {
        return new ErrorAnswer.Refusal(
                404,
                ErrorKind.NOT_FOUND,
                exchange.path() + ": a transaction takes savepoint, rollback-to, commit or rollback");
    }
}
