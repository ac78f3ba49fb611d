package io.tidemark.daemon.http;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpField;

/**
 * When a write is answered (rule M6): with {@code Tidemark-Ack: quorum}, or without that header, once a majority has it on
 * disk; with {@code Tidemark-Ack: s3} once S3_HWM has passed its LSN as well. The node that was asked waits for its own
 * mark, which proves it like any other's; a leader that another node asked is told to hurry, and answers at once.
 *
 * <p>When S3 takes longer than {@code Tidemark-Ack-Millis}, the answer says both: 504 with the kind {@link #NOT_IN_S3}, the
 * write's LSN and ETag, and {@code Tidemark-Ack: quorum}. It is done, it is not to be repeated, and it will be in S3. A
 * batch that asked for it keeps its replies and its status, and says {@code Tidemark-Ack: quorum}.
 *
 * <p>Where the node's {@code default-ack} is s3, a write that does not say waits likewise. A batch that did not ask would not
 * look at what it was not told, so it is answered 504 as well: repeated in its session, it finds its replies. A batch of
 * reads waits for nothing: the LSN at which it read may be one of the log's own bookkeeping, which S3 is not sent (rule M3).
 */
final class Acknowledgement {
    /** In the place of an {@link ErrorKind}: the write is done, and what was asked beyond that is not, in time. */
    static final String NOT_IN_S3 = "NOT_IN_S3";

    static final String S3 = "s3";
    static final String QUORUM = "quorum";
    private static final String BATCH = "/v1/batch";
    private static final long MILLIS = 10_000;
    private static final long MILLIS_MAX = 30_000;

    private final NodeHolder node;
    private final Hop hop;

    Acknowledgement(NodeHolder node, Hop hop) {
        this.node = node;
        this.hop = hop;
    }

    /** @param route answers the request as if nothing of the kind were asked */
    CompletableFuture<Answer> answer(Exchange exchange, Supplier<CompletableFuture<Answer>> route) {
        String wanted = exchange.header(Headers.ACK);
        boolean reads = exchange.method().equals("GET") || exchange.method().equals("HEAD");
        boolean unasked = wanted == null && !reads && node.get().acknowledgesInS3();
        if (!unasked && (wanted == null || wanted.equals(QUORUM))) {
            return route.get();
        }
        if (!unasked && !wanted.equals(S3)) {
            throw new TidemarkException(
                    ErrorKind.INVALID, Headers.ACK + " is " + QUORUM + " or " + S3 + ", not '" + wanted + "'");
        }
        if (reads) {
            throw new TidemarkException(
                    ErrorKind.INVALID, Headers.ACK + " is for writes, not for " + exchange.method());
        }
        String millis = exchange.header(Headers.ACK_MILLIS);
        long patience = millis == null ? MILLIS : Exchange.number(Headers.ACK_MILLIS, millis, 1, MILLIS_MAX);
        boolean keepsReplies = exchange.path().equals(BATCH) && !unasked;
        return route.get().thenCompose(done -> settle(exchange, done, patience, keepsReplies));
    }

    private CompletableFuture<Answer> settle(
            Exchange exchange, Answer done, long patienceMillis, boolean keepsReplies) {
        boolean written = exchange.isWrite() && done.status() < 300;
        long lsn = written && done instanceof Answer.Whole whole ? lsn(whole) : -1;
        if (lsn < 0) {
            return CompletableFuture.completedFuture(done);
        }
        NodeService at = node.get();
        if (exchange.isForwarded()) {
            at.wantShipped(lsn);
            return CompletableFuture.completedFuture(done);
        }
        Answer.Whole whole = (Answer.Whole) done;
        return hop.from(at.awaitShipped(lsn, Duration.ofMillis(patienceMillis))).thenApply(inS3 -> {
            if (inS3) {
                return with(whole, S3);
            }
            return keepsReplies ? with(whole, QUORUM) : notInS3(whole, lsn, at.shipped(), patienceMillis);
        });
    }

    private static long lsn(Answer.Whole answer) {
        return answer.fields().stream()
                .filter(f -> f.getName().equals(Headers.LSN))
                .mapToLong(f -> Long.parseLong(f.getValue()))
                .findFirst()
                .orElse(-1);
    }

    private static Answer.Whole with(Answer.Whole answer, String reached) {
        List<HttpField> fields = new ArrayList<>(answer.fields());
        fields.add(new HttpField(Headers.ACK, reached));
        return new Answer.Whole(answer.status(), answer.contentType(), answer.body(), fields);
    }

    private static Answer notInS3(Answer.Whole done, long lsn, long shipped, long patienceMillis) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("error", NOT_IN_S3);
        body.put(
                "message",
                "done at LSN " + lsn + " by a majority of nodes, and S3 did not have it within " + patienceMillis
                        + " ms (its mark is " + shipped + "). Do not repeat it: it will be shipped, and"
                        + " GET /v1/shipped?at-least=" + lsn + " says when");
        body.put("lsn", lsn);
        body.put("acknowledged", QUORUM);
        List<HttpField> fields = new ArrayList<>(with(done, QUORUM).fields());
        fields.add(new HttpField(Headers.ERROR, NOT_IN_S3));
        return new Answer.Whole(504, Json.MEDIA_TYPE, Json.bytes(body), fields);
    }
}
