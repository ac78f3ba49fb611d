package io.tidemark.daemon.http;

import io.tidemark.client.KeyText;
import io.tidemark.engine.StorageEngine.Row;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.EntryLimits;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Precondition;
import io.tidemark.engine.log.Reply;
import io.tidemark.engine.log.SessionRef;
import io.tidemark.engine.log.Version;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;

/**
 * {@code GET|PUT|DELETE /v1/kv/{keyspace}/{key}}. The key is everything after the keyspace's slash, percent-decoded to
 * bytes; the body is the value's bytes. ETags are versions. HTTP servers refuse a path with a zero byte, or with more
 * {@code ..} than it is deep: any key may also be written {@code /v1/kv/{keyspace}/?key=}.
 */
final class KeyValueFace {
    private static final byte[] NOTHING = {};

    private final NodeHolder node;
    private final Hop hop;
    private final ReadPoint readPoint;
    private final WriteRoute route;

    KeyValueFace(NodeHolder node, Hop hop, ReadPoint readPoint, WriteRoute route) {
        this.node = node;
        this.hop = hop;
        this.readPoint = readPoint;
        this.route = route;
    }

    CompletableFuture<Answer> answer(Exchange exchange, String keyspace, String rawKey) {
        EntryLimits.keyspace(keyspace);
        byte[] key = rawKey.isEmpty() && exchange.bytes("key") != null ? exchange.bytes("key") : KeyText.decode(rawKey);
        EntryLimits.key(key);
        return switch (exchange.method()) {
            case "GET", "HEAD" -> get(exchange, keyspace, key);
            case "PUT" -> {
                exchange.allowParameters("key");
                Precondition condition = condition(exchange);
                yield exchange.body(EntryLimits.VALUE_BYTES_MAX)
                        .thenCompose(
                                value -> write(exchange, value, new Operation.Put(keyspace, key, value, condition)));
            }
            case "DELETE" -> {
                exchange.allowParameters("key");
                yield write(exchange, NOTHING, new Operation.Delete(keyspace, key, condition(exchange)));
            }
            default -> throw Router.methodNotAllowed(exchange, "GET, HEAD, PUT, DELETE");
        };
    }

    private CompletableFuture<Answer> get(Exchange exchange, String keyspace, byte[] key) {
        exchange.allowParameters("key", "consistency", "at-least");
        NodeService at = node.get();
        long transaction = transaction(exchange);
        return readPoint.read(exchange, at, reached -> {
            long before = Math.max(reached, at.applied());
            Optional<Row> found = at.get(transaction, keyspace, key);
            if (transaction != Command.NO_TRANSACTION && !at.isOpen(transaction)) {
                return noTransaction();
            }
            return found.<Answer>map(row -> Answer.Whole.bytes(
                            "application/octet-stream", row.value(), List.of(lsn(row.readLsn()), etag(row.version()))))
                    .orElseGet(() -> ErrorAnswer.of(
                            404,
                            ErrorKind.NOT_FOUND,
                            "keyspace " + keyspace + " has no key " + KeyText.encode(key),
                            List.of(lsn(before))));
        });
    }

    private CompletableFuture<Answer> write(Exchange exchange, byte[] body, Operation operation) {
        Command command = new Command(session(exchange), transaction(exchange), operation);
        EntryLimits.check(command);
        return route.send(
                exchange,
                body,
                command.session() != null,
                () -> hop.from(node.get().submit(List.of(command))).thenApply(replies -> written(replies.get(0))));
    }

    private static Answer written(Reply reply) {
        return reply.status() == Reply.Status.OK
                ? Answer.Whole.empty(204, List.of(lsn(reply.version().lsn()), etag(reply.version())))
                : refused(reply);
    }

    /** What a client is told of a command that was not applied. */
    static Answer refused(Reply reply) {
        return switch (reply.status()) {
            case OK -> throw new IllegalArgumentException("it was applied: " + reply);
            case NOT_FOUND -> ErrorAnswer.of(404, ErrorKind.NOT_FOUND, "there was no such key", List.of());
            case CONDITION_FAILED ->
                ErrorAnswer.of(
                        412,
                        ErrorKind.CONFLICT,
                        reply.version().equals(Version.NONE)
                                ? "the precondition does not hold: the key does not exist"
                                : "the precondition does not hold: the key has version " + reply.version(),
                        reply.version().equals(Version.NONE) ? List.of() : List.of(etag(reply.version())));
            case OUTCOME_UNKNOWN ->
                ErrorAnswer.of(
                        504,
                        ErrorKind.OUTCOME_UNKNOWN,
                        "this session is not known, or its window is past that sequence: not applied now, perhaps before;"
                                + " read the key, and open a new session",
                        List.of());
            case CONFLICT ->
                ErrorAnswer.of(
                        409,
                        ErrorKind.CONFLICT,
                        "open transaction " + reply.number() + " holds the key; try again when it has ended",
                        List.of());
            case NO_TRANSACTION -> noTransaction();
            case LIMIT ->
                ErrorAnswer.of(
                        503,
                        ErrorKind.RETRY,
                        "the limit of " + reply.number()
                                + " is reached: of open transactions, of locks, or of the bytes"
                                + " that this transaction would have to give back",
                        List.of());
            case REFUSED ->
                ErrorAnswer.of(400, ErrorKind.INVALID, "the transaction has no such savepoint any more", List.of());
        };
    }

    private static Answer noTransaction() {
        return ErrorAnswer.of(
                404, ErrorKind.NOT_FOUND, "there is no such transaction, or it has ended; begin another", List.of());
    }

    private static long transaction(Exchange exchange) {
        String id = exchange.header(Headers.TRANSACTION);
        return id == null ? Command.NO_TRANSACTION : Exchange.number(Headers.TRANSACTION, id, 1, Long.MAX_VALUE);
    }

    private static Precondition condition(Exchange exchange) {
        String ifMatch = exchange.header("If-Match");
        String ifNoneMatch = exchange.header("If-None-Match");
        if (ifMatch != null && ifNoneMatch != null) {
            throw new TidemarkException(ErrorKind.INVALID, "say If-Match or If-None-Match, not both");
        }
        if (ifNoneMatch != null) {
            if (!ifNoneMatch.strip().equals("*")) {
                throw new TidemarkException(
                        ErrorKind.INVALID, "If-None-Match can only be * (the key does not exist), not " + ifNoneMatch);
            }
            return Precondition.ABSENT;
        }
        return ifMatch == null ? Precondition.NONE : new Precondition.VersionIs(version(ifMatch.strip()));
    }

    private static Version version(String etag) {
        if (etag.length() < 2 || !etag.startsWith("\"") || !etag.endsWith("\"")) {
            throw new TidemarkException(
                    ErrorKind.INVALID, "If-Match is one version in quotes, \"LSN.INDEX\", not " + etag);
        }
        return Version.parse(etag.substring(1, etag.length() - 1));
    }

    static SessionRef session(Exchange exchange) {
        String session = exchange.header(Headers.SESSION);
        String sequence = exchange.header(Headers.SEQUENCE);
        String repliedThrough = exchange.header(Headers.REPLIED_THROUGH);
        if (session == null) {
            if (sequence != null || repliedThrough != null) {
                throw new TidemarkException(
                        ErrorKind.INVALID, "a sequence is one of a session: say " + Headers.SESSION + " too");
            }
            return null;
        }
        if (sequence == null) {
            throw new TidemarkException(
                    ErrorKind.INVALID, "a request of a session has a number: say " + Headers.SEQUENCE + " too");
        }
        return new SessionRef(
                Version.parse(session),
                Exchange.number(Headers.SEQUENCE, sequence, 1, Long.MAX_VALUE),
                repliedThrough == null
                        ? 0
                        : Exchange.number(Headers.REPLIED_THROUGH, repliedThrough, 0, Long.MAX_VALUE));
    }

    static HttpField lsn(long lsn) {
        return new HttpField(Headers.LSN, Long.toString(lsn));
    }

    private static HttpField etag(Version version) {
        return new HttpField(HttpHeader.ETAG, "\"" + version + "\"");
    }
}
