package io.tidemark.daemon.http;

import io.tidemark.client.wire.BatchReply;
import io.tidemark.client.wire.BatchReply.Status;
import io.tidemark.client.wire.BatchRequest;
import io.tidemark.client.wire.BatchRequest.Op;
import io.tidemark.client.wire.BatchRequest.Request;
import io.tidemark.engine.StorageEngine.Row;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.EntryLimits;
import io.tidemark.engine.log.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.http.HttpField;

/**
 * {@code POST /v1/batch}: many requests of one client in the format of {@link BatchRequest}. One that breaks a limit is
 * answered INVALID by itself; the others go on. Reads are answered up to {@link #READ_BYTES_MAX}, the rest not.
 */
final class BatchFace {
    /** A batch of reads is not answered further once its values are so large. */
    static final int READ_BYTES_MAX = 2 << 20;

    private final NodeHolder node;
    private final Hop hop;
    private final ReadPoint readPoint;
    private final WriteRoute route;

    BatchFace(NodeHolder node, Hop hop, ReadPoint readPoint, WriteRoute route) {
        this.node = node;
        this.hop = hop;
        this.readPoint = readPoint;
        this.route = route;
    }

    CompletableFuture<Answer> answer(Exchange exchange) {
        exchange.allowParameters("consistency", "at-least");
        return exchange.body(HttpOptions.BODY_BYTES_MAX).thenCompose(body -> {
            BatchRequest batch = BatchRequest.decode(body);
            return batch.reads() ? read(exchange, batch) : write(exchange, body, batch);
        });
    }

    private CompletableFuture<Answer> read(Exchange exchange, BatchRequest batch) {
        NodeService at = node.get();
        return readPoint.read(exchange, at, reached -> {
            long lsn = Math.max(reached, at.applied());
            List<BatchReply.Reply> replies = new ArrayList<>(batch.requests().size());
            long bytes = 0;
            for (Request request : batch.requests()) {
                BatchReply.Reply reply = bytes > READ_BYTES_MAX
                        ? BatchReply.Reply.of(Status.NOT_ANSWERED, io.tidemark.client.Version.NONE)
                        : read(at, request);
                bytes += reply.value().length;
                replies.add(reply);
            }
            return encoded(lsn, replies);
        });
    }

    private static BatchReply.Reply read(NodeService at, Request request) {
        try {
            EntryLimits.keyspace(request.keyspace());
            EntryLimits.key(request.key());
        } catch (TidemarkException e) {
            return invalid(e);
        }
        Optional<Row> row = at.get(request.transaction(), request.keyspace(), request.key());
        if (request.transaction() != 0 && !at.isOpen(request.transaction())) {
            return BatchReply.Reply.of(Status.NO_TRANSACTION, io.tidemark.client.Version.NONE);
        }
        return row.map(r -> new BatchReply.Reply(Status.OK, WireCommands.wire(r.version()), r.value()))
                .orElseGet(() -> BatchReply.Reply.of(Status.NOT_FOUND, io.tidemark.client.Version.NONE));
    }

    private CompletableFuture<Answer> write(Exchange exchange, byte[] body, BatchRequest batch) {
        List<Command> commands = new ArrayList<>(batch.requests().size());
        BatchReply.Reply[] replies = new BatchReply.Reply[batch.requests().size()];
        boolean repeatable = true;
        for (int i = 0; i < replies.length; i++) {
            Request request = batch.requests().get(i);
            try {
                Command command = WireCommands.command(batch, request);
                EntryLimits.check(command);
                commands.add(command);
                repeatable &= command.session() != null || request.op() == Op.OPEN_SESSION;
            } catch (TidemarkException e) {
                replies[i] = invalid(e);
            }
        }
        if (commands.isEmpty()) {
            return CompletableFuture.completedFuture(encoded(-1, List.of(replies)));
        }
        return route.send(
                exchange,
                body,
                repeatable,
                () -> hop.from(node.get().submit(commands)).thenApply(from -> merged(replies, from)));
    }

    private static Answer merged(BatchReply.Reply[] invalid, List<Reply> applied) {
        List<BatchReply.Reply> replies = new ArrayList<>(invalid.length);
        long lsn = -1;
        int next = 0;
        for (BatchReply.Reply reply : invalid) {
            if (reply != null) {
                replies.add(reply);
                continue;
            }
            Reply from = applied.get(next++);
            if (from.status() == Reply.Status.OK) {
                lsn = Math.max(lsn, from.version().lsn());
            }
            replies.add(WireCommands.reply(from));
        }
        return encoded(lsn, replies);
    }

    private static BatchReply.Reply invalid(TidemarkException e) {
        return new BatchReply.Reply(
                Status.INVALID, io.tidemark.client.Version.NONE, e.getMessage().getBytes(StandardCharsets.UTF_8));
    }

    private static Answer encoded(long lsn, List<BatchReply.Reply> replies) {
        return Answer.Whole.bytes(
                BatchRequest.MEDIA_TYPE,
                new BatchReply(lsn, replies).encode(),
                List.of(new HttpField(Headers.LSN, Long.toString(lsn))));
    }
}
