package io.tidemark.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClientOptionsTest {

    @Test
    void anEndpointIsAHostAndAPort() {
        assertEquals(
                List.of("localhost:1", "[::1]:65535"),
                ClientOptions.of(List.of("localhost:1", "[::1]:65535")).endpoints());
        for (String bad :
                List.of("localhost", ":1", "localhost:", "localhost:0", "localhost:65536", "http://a:1", "a:b")) {
            TidemarkClientException e =
                    assertThrows(TidemarkClientException.class, () -> ClientOptions.of(List.of(bad)), bad);
            assertTrue(e.getMessage().contains(bad), e.getMessage());
        }
        assertThrows(TidemarkClientException.class, () -> ClientOptions.of(List.of()));
    }

    @Test
    void whatCannotBeIsNamed() {
        ClientOptions options = ClientOptions.of(List.of("localhost:1"));
        assertThrows(TidemarkClientException.class, () -> options.withRequestTimeout(Duration.ZERO));
        assertThrows(TidemarkClientException.class, () -> options.withAttemptTimeout(Duration.ofSeconds(-1)));
        assertThrows(TidemarkClientException.class, () -> options.withInFlight(0, 1));
        assertThrows(TidemarkClientException.class, () -> options.withBatches(1, 5000, 1, 1));
        assertEquals(
                "client option inFlightBytes cannot be 0",
                assertThrows(TidemarkClientException.class, () -> options.withInFlight(1, 0))
                        .getMessage());
    }
}
