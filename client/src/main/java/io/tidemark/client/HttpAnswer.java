package io.tidemark.client;

import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;

/**
 * A daemon's answer, as it came.
 *
 * @param endpoint who answered, {@code host:port}
 * @param status HTTP status
 */
public record HttpAnswer(String endpoint, int status, HttpHeaders headers, byte[] body) {

    /** The header's first value, or null. */
    public String header(String name) {
        return headers.firstValue(name).orElse(null);
    }

    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
