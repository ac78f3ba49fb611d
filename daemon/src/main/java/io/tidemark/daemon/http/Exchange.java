package io.tidemark.daemon.http;

import io.tidemark.client.KeyText;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.server.Request;

/** One request, in the words of the faces. Path and query are the raw ones: nothing has been decoded or normalised. */
final class Exchange {
    private final Request request;
    private final MemoryBudget bodies;
    private final String path;
    private final Map<String, String> query;
    private volatile boolean write;

    Exchange(Request request, MemoryBudget bodies) {
        this.request = request;
        this.bodies = bodies;
        this.path = request.getHttpURI().getPath();
        this.query = parse(request.getHttpURI().getQuery());
    }

    String method() {
        return request.getMethod();
    }

    String path() {
        return path;
    }

    /** Path and query as they came, to be sent on. */
    String target() {
        String raw = request.getHttpURI().getQuery();
        return raw == null ? path : path + "?" + raw;
    }

    /** Null when absent. */
    String header(String name) {
        return request.getHeaders().get(name);
    }

    boolean isForwarded() {
        return header(Headers.FORWARDED) != null;
    }

    /** Said when it is brought to the leader: only such a request has an LSN that S3 is still to get. */
    void markWrite() {
        write = true;
    }

    boolean isWrite() {
        return write;
    }

    CompletableFuture<byte[]> body(int bytesMax) {
        return BodyReader.read(request, bodies, bytesMax);
    }

    /** The bytes of a parameter, null when absent. */
    byte[] bytes(String name) {
        String raw = query.get(name);
        return raw == null ? null : KeyText.decode(raw);
    }

    String text(String name, String otherwise) {
        byte[] bytes = bytes(name);
        return bytes == null ? otherwise : new String(bytes, StandardCharsets.UTF_8);
    }

    /** A number of {@code min..max}; {@code otherwise} when absent. */
    long number(String name, long otherwise, long min, long max) {
        String text = text(name, null);
        return text == null ? otherwise : number(name, text, min, max);
    }

    static long number(String name, String text, long min, long max) {
        long value;
        try {
            value = Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new TidemarkException(ErrorKind.INVALID, name + " is a number, not '" + text + "'", e);
        }
        if (value < min || value > max) {
            throw new TidemarkException(ErrorKind.INVALID, name + " lies in " + min + ".." + max + ", unlike " + value);
        }
        return value;
    }

    /** Refuses parameters that this face does not know: a typing error must not silently mean something else. */
    void allowParameters(String... names) {
        for (String name : query.keySet()) {
            if (!Arrays.asList(names).contains(name)) {
                throw new TidemarkException(
                        ErrorKind.INVALID, "unknown parameter '" + name + "'; known here: " + String.join(", ", names));
            }
        }
    }

    private static Map<String, String> parse(String raw) {
        if (raw == null || raw.isEmpty()) {
            return Map.of();
        }
        Map<String, String> out = new HashMap<>();
        for (String part : raw.split("&")) {
            int equals = part.indexOf('=');
            String name = equals < 0 ? part : part.substring(0, equals);
            KeyText.decode(part); // refuses what nobody can read, also where nobody asks for it
            if (out.put(name, equals < 0 ? "" : part.substring(equals + 1)) != null) {
                throw new TidemarkException(ErrorKind.INVALID, "parameter '" + name + "' stands there twice");
            }
        }
        return out;
    }
}
