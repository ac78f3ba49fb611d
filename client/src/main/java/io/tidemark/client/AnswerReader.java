package io.tidemark.client;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Reads HTTP/1.1 answers from a connection, one after the other. Not thread-safe. */
final class AnswerReader {
    private static final int LINE_BYTES_MAX = 16 << 10;
    private static final int HEADERS_MAX = 100;
    private static final int BODY_BYTES_MAX = 64 << 20;
    private static final byte[] EMPTY = {};

    private final String endpoint;
    private final InputStream in;
    private final byte[] buffer = new byte[16 << 10];
    private int at;
    private int end;
    private boolean last;

    AnswerReader(String endpoint, InputStream in) {
        this.endpoint = endpoint;
        this.in = in;
    }

    /** Waits for the first byte of an answer; false when the other side has closed instead. */
    boolean await() throws IOException {
        return at < end || fill();
    }

    /** True when the connection carries no further answer. */
    boolean isLast() {
        return last;
    }

    HttpAnswer read(boolean headOnly) throws IOException {
        int status;
        Map<String, String> headers;
        do {
            status = status(line());
            headers = headers();
        } while (status < 200);
        last = "close".equalsIgnoreCase(headers.get("connection"));
        boolean empty = headOnly || status == 204 || status == 304;
        return new HttpAnswer(endpoint, status, headers, empty ? EMPTY : body(headers));
    }

    private int status(String line) throws IOException {
        if (!line.startsWith("HTTP/1.1 ") || line.length() < 12) {
            throw new IOException(endpoint + " does not speak HTTP/1.1: '" + line + "'");
        }
        return number(line.substring(9, 12), 10, "a status");
    }

    private Map<String, String> headers() throws IOException {
        Map<String, String> headers = new HashMap<>();
        for (int i = 0; i < HEADERS_MAX; i++) {
            String line = line();
            if (line.isEmpty()) {
                return headers;
            }
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new IOException(endpoint + " answered a header without a name: '" + line + "'");
            }
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        throw new IOException(endpoint + " answered more than " + HEADERS_MAX + " headers");
    }

    private byte[] body(Map<String, String> headers) throws IOException {
        if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
            return chunks();
        }
        String length = headers.get("content-length");
        if (length == null) {
            throw new IOException(endpoint + " answered a body of unknown length");
        }
        byte[] body = new byte[checked(number(length, 10, "a length"))];
        fill(body);
        return body;
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            String line = line();
            int semicolon = line.indexOf(';');
            int size = number((semicolon < 0 ? line : line.substring(0, semicolon)).strip(), 16, "a chunk's size");
            if (size == 0) {
                headers();
                return body.toByteArray();
            }
            checked((long) body.size() + size);
            byte[] chunk = new byte[size];
            fill(chunk);
            body.writeBytes(chunk);
            line();
        }
    }

    private int checked(long bytes) throws IOException {
        if (bytes < 0 || bytes > BODY_BYTES_MAX) {
            throw new IOException(endpoint + " answers " + bytes + " bytes, more than " + BODY_BYTES_MAX);
        }
        return (int) bytes;
    }

    private int number(String text, int radix, String what) throws IOException {
        try {
            int number = Integer.parseInt(text, radix);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IOException(endpoint + " answered '" + text + "' for " + what, e);
        }
        throw new IOException(endpoint + " answered '" + text + "' for " + what);
    }

    /** The next line without its end. */
    private String line() throws IOException {
        StringBuilder line = null;
        while (true) {
            for (int i = at; i < end; i++) {
                if (buffer[i] == '\n') {
                    String part = new String(buffer, at, i - at, StandardCharsets.ISO_8859_1);
                    at = i + 1;
                    String whole = line == null ? part : line.append(part).toString();
                    return whole.endsWith("\r") ? whole.substring(0, whole.length() - 1) : whole;
                }
            }
            line = line == null ? new StringBuilder() : line;
            line.append(new String(buffer, at, end - at, StandardCharsets.ISO_8859_1));
            at = end;
            if (line.length() > LINE_BYTES_MAX) {
                throw new IOException(endpoint + " answered a line of more than " + LINE_BYTES_MAX + " bytes");
            }
            require(fill());
        }
    }

    private void fill(byte[] whole) throws IOException {
        int have = Math.min(whole.length, end - at);
        System.arraycopy(buffer, at, whole, 0, have);
        at += have;
        require(in.readNBytes(whole, have, whole.length - have) == whole.length - have);
    }

    private boolean fill() throws IOException {
        at = 0;
        end = Math.max(0, in.read(buffer));
        return end > 0;
    }

    private void require(boolean more) throws EOFException {
        if (!more) {
            throw new EOFException(endpoint + " closed the connection in the middle of an answer");
        }
    }
}
