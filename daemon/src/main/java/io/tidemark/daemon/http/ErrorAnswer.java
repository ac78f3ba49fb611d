package io.tidemark.daemon.http;

import io.tidemark.client.wire.WireException;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.raft.batch.LimitException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Errors as the port tells them: {@code {"error": kind, "message": what happened and what to do}}, the kind in the header
 * {@code Tidemark-Error} too.
 *
 * <pre>
 *   INVALID          400, or 413 for what is too large, 405 for a method
 *   NOT_FOUND        404
 *   CONFLICT         412
 *   RETRY            503 with Retry-After
 *   UNAVAILABLE      503 with Retry-After; 507 when a disk or the lag behind S3 is at its limit
 *   OUTCOME_UNKNOWN  504
 *   CORRUPT, FATAL   500
 * </pre>
 */
final class ErrorAnswer {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorAnswer.class);
    private static final HttpField RETRY_AFTER = new HttpField(HttpHeader.RETRY_AFTER, "1");

    private ErrorAnswer() {}

    /** An error with an HTTP status of its own. */
    static final class Refusal extends TidemarkException {
        private static final long serialVersionUID = 1L;

        private final int status;

        Refusal(int status, ErrorKind kind, String message) {
            super(kind, message);
            this.status = status;
        }
    }

    static Answer of(Throwable error) {
        Throwable cause = unwrap(error);
        if (cause instanceof Refusal refusal) {
            return of(refusal.status, refusal.kind(), refusal.getMessage(), List.of());
        }
        if (cause instanceof LimitException limit && !limit.momentary()) {
            return of(507, limit.kind(), limit.getMessage(), List.of());
        }
        if (cause instanceof TidemarkException e) {
            if (status(e.kind()) == 500) {
                LOG.error("a request failed", e);
            }
            return of(status(e.kind()), e.kind(), e.getMessage(), List.of());
        }
        if (cause instanceof WireException || cause instanceof IllegalArgumentException) {
            return of(400, ErrorKind.INVALID, cause.getMessage(), List.of());
        }
        LOG.error("a request failed", cause);
        return of(500, ErrorKind.FATAL, "the daemon failed: " + cause + "; its log says more", List.of());
    }

    static Answer of(int status, ErrorKind kind, String message, List<HttpField> more) {
        Map<String, String> body = new LinkedHashMap<>();
        body.put("error", kind.name());
        body.put("message", message);
        List<HttpField> fields = new ArrayList<>(more);
        fields.add(new HttpField(Headers.ERROR, kind.name()));
        if (status == 503) {
            fields.add(RETRY_AFTER);
        }
        return new Answer.Whole(status, Json.MEDIA_TYPE, Json.bytes(body), fields);
    }

    static Throwable unwrap(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }

    private static int status(ErrorKind kind) {
        return switch (kind) {
            case INVALID -> 400;
            case NOT_FOUND -> 404;
            case CONFLICT -> 412;
            case RETRY, UNAVAILABLE, SNAPSHOT_TOO_OLD -> 503;
            case OUTCOME_UNKNOWN -> 504;
            case CORRUPT, FATAL -> 500;
        };
    }
}
