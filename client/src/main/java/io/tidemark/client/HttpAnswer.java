package io.tidemark.client;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/**
 * A daemon's answer, as it came.
 *
 * @param endpoint who answered, {@code host:port}
 * @param status HTTP status
 * @param headers names in lower case; of a repeated one the last
 */
public record HttpAnswer(String endpoint, int status, Map<String, String> headers, byte[] body) {

    /** The header's value, or null. */
    public String header(String name) {
        return headers.get(name.toLowerCase(Locale.ROOT));
    }

    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
