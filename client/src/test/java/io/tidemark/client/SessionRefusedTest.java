package io.tidemark.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A cluster whose disks are full refuses even the session that a first write needs. */
@Timeout(20)
class SessionRefusedTest {
    private static final String WHY = "the disk has 7 bytes left";

    private final AtomicInteger asked = new AtomicInteger();
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            exchange.getRequestBody().readAllBytes();
            byte[] body = ("{\"error\":\"UNAVAILABLE\",\"message\":\"" + WHY + "\"}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(507, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void theRefusalIsToldAtOnceAndNotAskedForAgain() {
        try (TidemarkClient client = TidemarkClient.connect(
                List.of("127.0.0.1:" + server.getAddress().getPort()))) {
            TidemarkClientException refused = assertThrows(
                    TidemarkClientException.class,
                    () -> TidemarkClient.await(client.put("default", new byte[] {1}, new byte[] {2})));
            assertTrue(refused.getMessage().contains(WHY), refused.getMessage());
            assertEquals(1, asked.get());
        }
    }
}
