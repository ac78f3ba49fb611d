package io.tidemark.daemon.http;

import io.tidemark.daemon.metrics.MetricsText;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.EntryLimits;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Version;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.http.HttpField;

/** What concerns the node and not its data: health, readiness, metrics, status, comparison, sessions, members. */
final class NodeFace {
    private static final byte[] NOTHING = {};

    /** Less than a request that is handed on to the leader may take. */
    private static final long SHIPPED_WAIT_MILLIS_MAX = 3_000;

    /** A piece of the log ends with the entry that reaches it. */
    private static final long LOG_BYTES = 1 << 20;

    /** What a piece may take in memory: one entry of the greatest size, as it was read and as it is sent. */
    private static final int LOG_ROOM_BYTES = 2 * EntryLimits.ENTRY_BYTES_MAX;

    private final NodeHolder node;
    private final Hop hop;
    private final WriteRoute route;
    private final MemoryBudget replies;
    private final MetricsText metrics;

    NodeFace(NodeHolder node, Hop hop, WriteRoute route, MemoryBudget replies, MetricsText metrics) {
        this.node = node;
        this.hop = hop;
        this.route = route;
        this.replies = replies;
        this.metrics = metrics;
    }

    Answer health() {
        return Json.answer(200, Map.of("alive", true));
    }

    Answer ready() {
        return node.get()
                .notReady()
                .<Answer>map(reason -> {
                    Map<String, Object> body = new LinkedHashMap<>();
                    body.put("ready", false);
                    body.put("reason", reason);
                    return Json.answer(503, body);
                })
                .orElseGet(() -> Json.answer(200, Map.of("ready", true)));
    }

    Answer metrics() {
        return Answer.Whole.bytes(MetricsText.MEDIA_TYPE, metrics.write(), List.of());
    }

    Answer status() {
        return Json.answer(200, node.get().status());
    }

    Answer chain(Exchange exchange) {
        long lsn = lsn(exchange);
        OptionalLong chain = node.get().chainAt(lsn);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("lsn", lsn);
        body.put("chain", chain.isPresent() ? String.format("%016x", chain.getAsLong()) : null);
        return Json.answer(200, body);
    }

    Answer contents(Exchange exchange) {
        long lsn = lsn(exchange);
        return node.get()
                .contentsAt(lsn)
                .<Answer>map(digest -> Json.answer(200, digest))
                .orElseThrow(() -> new TidemarkException(
                        ErrorKind.NOT_FOUND,
                        "this node has not observed its contents at LSN " + lsn + "; it has applied "
                                + node.get().applied()));
    }

    /**
     * What S3 has; with {@code at-least=LSN&wait-millis=N} when that is reached, or the time is over. Whoever leads is told
     * to hurry, so it is asked.
     */
    CompletableFuture<Answer> shipped(Exchange exchange) {
        exchange.allowParameters("at-least", "wait-millis");
        long wanted = exchange.number("at-least", -1, 0, Long.MAX_VALUE);
        long wait = exchange.number("wait-millis", 0, 0, SHIPPED_WAIT_MILLIS_MAX);
        if (!exchange.method().equals("GET")) {
            throw Router.methodNotAllowed(exchange, "GET");
        }
        NodeService at = node.get();
        if (wait == 0 || at.shipped() >= wanted) {
            return CompletableFuture.completedFuture(shipped(at, wanted));
        }
        return route.send(exchange, NOTHING, true, () -> {
            String leader = at.leaderHttp();
            if (leader != null && !leader.equals(at.status().http())) {
                throw new LeaderElsewhere(leader);
            }
            return hop.from(at.awaitShipped(wanted, Duration.ofMillis(wait))).thenApply(inS3 -> shipped(at, wanted));
        });
    }

    private static Answer shipped(NodeService at, long wanted) {
        long mark = at.shipped();
        return Json.answer(
                200,
                Map.of("s3HighWaterMark", mark, "reached", mark >= wanted),
                new HttpField(Headers.SHIPPED, Long.toString(mark)));
    }

    /**
     * A piece of the log, for whoever follows it. With {@code history=ID} of that history alone: the log of a cluster that was
     * restored goes on by number where the one before was longer.
     */
    CompletableFuture<Answer> log(Exchange exchange) {
        exchange.allowParameters("from", "history");
        long from = exchange.number("from", -1, 0, Long.MAX_VALUE);
        if (from < 0) {
            throw new TidemarkException(ErrorKind.INVALID, "say from where: ?from=LSN");
        }
        NodeService at = node.get();
        String own = at.status().history();
        String wanted = exchange.text("history", own);
        if (!wanted.equals(own)) {
            return CompletableFuture.completedFuture(ErrorAnswer.of(
                    409,
                    ErrorKind.CONFLICT,
                    "this node's log is of history " + own + ", not of " + wanted + "; what that has is in S3",
                    List.of(new HttpField(Headers.HISTORY, own))));
        }
        return replies.acquire(LOG_ROOM_BYTES).thenApply(room -> {
            try {
                return Answer.Whole.bytes(LogPiece.MEDIA_TYPE, LogPiece.encode(at.entries(from, LOG_BYTES)), List.of());
            } finally {
                replies.release(LOG_ROOM_BYTES);
            }
        });
    }

    /** Repeating it does no harm: it changes nothing. */
    CompletableFuture<Answer> observe(Exchange exchange) {
        Command command = Command.of(new Operation.ObserveContents());
        return route.send(
                exchange,
                NOTHING,
                true,
                () -> hop.from(node.get().submit(List.of(command)))
                        .thenApply(replies -> Json.answer(
                                200, Map.of("lsn", replies.get(0).version().lsn()))));
    }

    /** Repeating it leaves an unused session, which expires. */
    CompletableFuture<Answer> openSession(Exchange exchange) {
        Command command = Command.of(new Operation.OpenSession());
        return route.send(
                exchange,
                NOTHING,
                true,
                () -> hop.from(node.get().submit(List.of(command))).thenApply(replies -> {
                    Version id = replies.get(0).version();
                    return Json.answer(200, Map.of("session", id.toString()), KeyValueFace.lsn(id.lsn()));
                }));
    }

    /**
     * Without a parameter hands out an incarnation; repeating it skips one, which is never used. With {@code
     * incarnation=N} takes that one in; repeating it asks how far that is.
     */
    CompletableFuture<Answer> join(Exchange exchange, String name) {
        exchange.allowParameters("incarnation");
        int incarnation = (int) exchange.number("incarnation", 0, 1, Integer.MAX_VALUE);
        if (incarnation > 0) {
            return route.send(
                    exchange,
                    NOTHING,
                    true,
                    () -> hop.from(node.get().admit(name, incarnation))
                            .thenApply(admitted -> Json.answer(200, Map.of("admitted", admitted))));
        }
        EntryLimits.check(Command.of(new Operation.AllocateIncarnation(name)));
        return route.send(
                exchange,
                NOTHING,
                true,
                () -> hop.from(node.get().join(name)).thenApply(answer -> Json.answer(200, answer)));
    }

    /** Repeating it does no harm: who leads already goes on. */
    CompletableFuture<Answer> lead(Exchange exchange) {
        exchange.allowParameters("to");
        String name = exchange.text("to", "");
        if (name.isEmpty()) {
            throw new TidemarkException(ErrorKind.INVALID, "say who shall lead: ?to=NODE");
        }
        return route.send(
                exchange,
                NOTHING,
                true,
                () -> hop.from(node.get().transferLeadership(name))
                        .thenApply(done -> Json.answer(200, Map.of("leader", name))));
    }

    private static long lsn(Exchange exchange) {
        exchange.allowParameters("lsn");
        long lsn = exchange.number("lsn", -1, 0, Long.MAX_VALUE);
        if (lsn < 0) {
            throw new TidemarkException(ErrorKind.INVALID, "say which LSN: ?lsn=NUMBER");
        }
        return lsn;
    }
}
