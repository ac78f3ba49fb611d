package io.tidemark.daemon.http;

import io.tidemark.client.KeyText;
import io.tidemark.client.ScanPage;
import io.tidemark.client.wire.RowPage;
import io.tidemark.engine.StorageEngine.Scan;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.EntryLimits;
import io.tidemark.engine.log.Reply;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * {@code GET /v1/kv/{keyspace}?prefix=&from=&after=&to=&limit=}: rows in key order. Asked for JSON or for the client's
 * format it answers one page, all of one state, at most {@code limit} rows (1,000 if not said, 10,000 at most) and about
 * 1 MiB; {@code next} goes into {@code from} of the next page as it is. Asked for {@code application/x-ndjson} it streams
 * the whole range, each chunk of about 1 MiB of one state.
 *
 * <p>{@code DELETE /v1/kv/{keyspace}?prefix=&from=&after=&to=} removes a range, a slice at a time: {@code next} in the
 * answer goes into {@code from} of the next request as it is; null when all is gone.
 */
final class ScanFace {
    private static final int LIMIT = 1000;

    private static final byte[] NOTHING = {};

    private final NodeHolder node;
    private final Hop hop;
    private final WriteRoute route;
    private final ReadPoint readPoint;
    private final MemoryBudget replies;
    private final int pageBytes;

    ScanFace(NodeHolder node, Hop hop, ReadPoint readPoint, WriteRoute route, MemoryBudget replies, int pageBytes) {
        this.hop = hop;
        this.route = route;
        this.replies = replies;
        this.node = node;
        this.readPoint = readPoint;
        this.pageBytes = pageBytes;
    }

    CompletableFuture<Answer> answer(Exchange exchange, String keyspace) {
        EntryLimits.keyspace(keyspace);
        return switch (exchange.method()) {
            case "GET" -> read(exchange, keyspace);
            case "DELETE" -> delete(exchange, keyspace);
            default -> throw Router.methodNotAllowed(exchange, "GET, DELETE");
        };
    }

    private static KeyRange range(Exchange exchange) {
        return KeyRange.of(
                exchange.bytes("prefix"), exchange.bytes("from"), exchange.bytes("after"), exchange.bytes("to"));
    }

    /** Repeating it does no harm: what is gone is gone. */
    private CompletableFuture<Answer> delete(Exchange exchange, String keyspace) {
        exchange.allowParameters("prefix", "from", "after", "to");
        KeyRange range = range(exchange);
        if (range.isEmpty()) {
            throw new TidemarkException(ErrorKind.INVALID, "the range to delete can hold no key");
        }
        Command command = Command.of(WireCommands.deleteRange(keyspace, range));
        EntryLimits.check(command);
        return route.send(
                exchange,
                NOTHING,
                true,
                () -> hop.from(node.get().submit(List.of(command))).thenApply(replies -> deleted(replies.get(0))));
    }

    private static Answer deleted(Reply reply) {
        if (reply.status() != Reply.Status.OK) {
            return KeyValueFace.refused(reply);
        }
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("next", reply.payload().length == 0 ? null : KeyText.encode(reply.payload()));
        out.put("lsn", reply.version().lsn());
        return Json.answer(200, out, KeyValueFace.lsn(reply.version().lsn()));
    }

    private CompletableFuture<Answer> read(Exchange exchange, String keyspace) {
        exchange.allowParameters("prefix", "from", "after", "to", "limit", "consistency", "at-least");
        KeyRange range = range(exchange);
        String accept = exchange.header("Accept");
        boolean stream = accept != null && accept.contains(RowStream.MEDIA_TYPE);
        boolean rows = accept != null && accept.contains(RowPage.MEDIA_TYPE);
        int limitMax = stream ? Integer.MAX_VALUE : RowPage.ROWS_MAX;
        int limit = (int) exchange.number("limit", stream ? Integer.MAX_VALUE : LIMIT, 1, limitMax);
        NodeService at = node.get();
        return readPoint.read(exchange, at, reached -> {
            if (stream) {
                return new RowStream((r, most) -> scan(at, keyspace, r, most), range, limit, replies);
            }
            Scan page = scan(at, keyspace, range, limit);
            return rows ? binary(page) : json(page);
        });
    }

    private Scan scan(NodeService at, String keyspace, KeyRange range, int limit) {
        if (range.isEmpty()) {
            return new Scan(List.of(), null, at.applied());
        }
        return at.scan(keyspace, range.from(), range.to(), limit, pageBytes);
    }

    private static Answer binary(Scan page) {
        List<io.tidemark.client.Row> rows = page.rows().stream()
                .map(r -> new io.tidemark.client.Row(r.key(), r.value(), WireCommands.wire(r.version())))
                .toList();
        byte[] body = RowPage.encode(new ScanPage(rows, page.nextKey(), page.readLsn()));
        return Answer.Whole.bytes(RowPage.MEDIA_TYPE, body, List.of(KeyValueFace.lsn(page.readLsn())));
    }

    private static Answer json(Scan page) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("rows", page.rows().stream().map(RowJson::of).toList());
        out.put("next", page.nextKey() == null ? null : KeyText.encode(page.nextKey()));
        out.put("lsn", page.readLsn());
        return Json.answer(200, out, KeyValueFace.lsn(page.readLsn()));
    }
}
