package io.tidemark.daemon.http;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.EntryLimits;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Reply;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** What of the past is kept: {@code /v1/retention}, and pins, {@code /v1/pins/NAME} (rule CT6). */
final class PastFace {
    private static final byte[] NOTHING = {};

    private final NodeHolder node;
    private final Hop hop;
    private final WriteRoute route;

    PastFace(NodeHolder node, Hop hop, WriteRoute route) {
        this.node = node;
        this.hop = hop;
        this.route = route;
    }

    Answer retention() {
        return Json.answer(200, RetentionJson.encode(node.get().retention()));
    }

    /** {@code PUT ?lsn=N} pins, {@code DELETE} lets go. Repeating either does no harm. */
    CompletableFuture<Answer> pin(Exchange exchange, String name) {
        exchange.allowParameters("lsn");
        return switch (exchange.method()) {
            case "PUT" -> {
                long lsn = exchange.number("lsn", -1, 0, Long.MAX_VALUE);
                if (lsn < 0) {
                    throw new TidemarkException(ErrorKind.INVALID, "say what is to be kept: ?lsn=NUMBER");
                }
                yield propose(exchange, new Operation.Pin(name, lsn), reply -> pinned(name, lsn, reply));
            }
            case "DELETE" -> propose(exchange, new Operation.Unpin(name), reply -> unpinned(name, reply));
            default -> throw Router.methodNotAllowed(exchange, "PUT, DELETE");
        };
    }

    private CompletableFuture<Answer> propose(Exchange exchange, Operation operation, Function<Reply, Answer> answer) {
        Command command = Command.of(operation);
        EntryLimits.check(command);
        return route.send(
                exchange,
                NOTHING,
                true,
                () -> hop.from(node.get().submit(List.of(command))).thenApply(replies -> answer.apply(replies.get(0))));
    }

    private Answer pinned(String name, long lsn, Reply reply) {
        return switch (reply.status()) {
            case OK ->
                Json.answer(
                        200,
                        Map.of("name", name, "lsn", lsn),
                        KeyValueFace.lsn(reply.version().lsn()));
            case REFUSED -> throw refused(lsn, reply.version().lsn());
            case CONDITION_FAILED ->
                throw new TidemarkException(
                        ErrorKind.CONFLICT,
                        "pin " + name + " is at LSN " + reply.version().lsn()
                                + " already; take another name, or unpin it");
            case LIMIT ->
                throw new TidemarkException(
                        ErrorKind.INVALID, "there are " + reply.number() + " pins, which is all there can be");
            default -> throw new TidemarkException(ErrorKind.FATAL, "a pin is not answered with " + reply);
        };
    }

    private static TidemarkException refused(long lsn, long floor) {
        return lsn < floor
                ? new TidemarkException(
                        ErrorKind.NOT_FOUND,
                        "the state at LSN " + lsn + " is gone: history is kept from LSN " + floor + " on (its floor)")
                : new TidemarkException(ErrorKind.INVALID, "LSN " + lsn + " lies ahead: only what is done is pinned");
    }

    private Answer unpinned(String name, Reply reply) {
        if (reply.status() != Reply.Status.OK) {
            throw new TidemarkException(ErrorKind.NOT_FOUND, "there is no pin " + name);
        }
        return Json.answer(
                200, Map.of("name", name), KeyValueFace.lsn(reply.version().lsn()));
    }
}
