package io.tidemark.client;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A request on its way, as HTTP/1.1 has it, and who waits for the answer. */
final class HttpExchange {
    private static final byte[] EMPTY = {};
    /** A smaller body goes out in one piece with its head, without filling a socket's buffer. */
    private static final int SMALL_BYTES = 32 << 10;

    private final CompletableFuture<HttpAnswer> answer = new CompletableFuture<>();
    private final byte[] head;
    private final byte[] body;
    private final boolean headOnly;
    private final long deadlineNanos;

    HttpExchange(
            String endpoint, String method, String path, Map<String, String> headers, byte[] body, long deadlineNanos) {
        StringBuilder out = new StringBuilder(256);
        out.append(method)
                .append(' ')
                .append(path)
                .append(" HTTP/1.1\r\nHost: ")
                .append(endpoint)
                .append("\r\n");
        headers.forEach((name, value) ->
                out.append(name).append(": ").append(oneLine(value)).append("\r\n"));
        if (body != null) {
            out.append("Content-Length: ").append(body.length).append("\r\n");
        }
        out.append("\r\n");
        byte[] text = out.toString().getBytes(StandardCharsets.ISO_8859_1);
        boolean joined = body != null && body.length <= SMALL_BYTES;
        this.head = joined ? Arrays.copyOf(text, text.length + body.length) : text;
        if (joined) {
            System.arraycopy(body, 0, head, text.length, body.length);
        }
        this.body = joined || body == null ? EMPTY : body;
        this.headOnly = method.equals("HEAD");
        this.deadlineNanos = deadlineNanos;
    }

    /** The request's first bytes, with the whole body when that is small. */
    byte[] head() {
        return head;
    }

    /** The body when it is not small. */
    byte[] body() {
        return body;
    }

    /** True when writing it cannot wait for the other side. */
    boolean isSmall() {
        return body.length == 0;
    }

    /** True when the answer has no body whatever its headers say. */
    boolean isHeadOnly() {
        return headOnly;
    }

    CompletableFuture<HttpAnswer> answer() {
        return answer;
    }

    boolean isLate(long nowNanos) {
        return nowNanos - deadlineNanos > 0;
    }

    /** What is in a header must not end it. */
    private static String oneLine(String value) {
        if (value.indexOf('\r') >= 0 || value.indexOf('\n') >= 0) {
            throw new TidemarkClientException(
                    TidemarkClientException.Kind.INVALID, "a header's value has one line, unlike '" + value + "'");
        }
        return value;
    }
}
