package io.tidemark.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidemark.client.TidemarkClientException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ErrorBodyTest {

    @Test
    void theMessageIsReadOutOfTheJson() {
        assertEquals(
                "a \"quoted\" path C:\\x\nand more",
                ErrorBody.message("{\"error\":\"INVALID\",\"message\":\"a \\\"quoted\\\" path C:\\\\x\\nand more\"}"));
        assertEquals("Bad Gateway", ErrorBody.message(" Bad Gateway\n"));
        assertEquals("cut", ErrorBody.message("{\"message\":\"cut"));
    }

    @Test
    void theKindComesFromTheHeaderAndElseFromTheStatus() {
        assertEquals(Kind.RETRY, ErrorBody.kind(answer(503, Map.of("tidemark-error", "RETRY"))));
        assertEquals(Kind.UNAVAILABLE, ErrorBody.kind(answer(503, Map.of())));
        assertEquals(Kind.UNAVAILABLE, ErrorBody.kind(answer(507, Map.of())));
        assertEquals(Kind.OUTCOME_UNKNOWN, ErrorBody.kind(answer(502, Map.of())));
        assertEquals(Kind.INVALID, ErrorBody.kind(answer(413, Map.of("tidemark-error", "NEW_KIND"))));
        assertEquals(Kind.FATAL, ErrorBody.kind(answer(500, Map.of())));
        assertEquals(
                "n1:80 answered 503: no leader",
                ErrorBody.of(answer(503, Map.of())).getMessage());
    }

    private static HttpAnswer answer(int status, Map<String, String> headers) {
        return new HttpAnswer("n1:80", status, headers, "{\"message\":\"no leader\"}".getBytes(StandardCharsets.UTF_8));
    }
}
