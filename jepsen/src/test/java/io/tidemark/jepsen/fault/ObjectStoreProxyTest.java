package io.tidemark.jepsen.fault;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.tidemark.jepsen.cluster.Waiting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ObjectStoreProxyTest {

    private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;
    private ObjectStoreProxy proxy;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (exchange.getRequestMethod().equals("PUT")) {
                objects.put(path, body);
                exchange.sendResponseHeaders(200, -1);
            } else {
                byte[] found = objects.getOrDefault(path, new byte[0]);
                exchange.sendResponseHeaders(200, found.length == 0 ? -1 : 0);
                exchange.getResponseBody().write(found);
            }
            exchange.close();
        });
        server.start();
        proxy = ObjectStoreProxy.before(server.getAddress().getPort(), 1);
    }

    @AfterEach
    void stop() {
        proxy.close();
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void servesBodiesOfAnyFramingUnchanged() throws Exception {
        byte[] body = new byte[3_000_000];
        new Random(1).nextBytes(body);
        assertEquals(
                200,
                put("/sized", HttpRequest.BodyPublishers.ofByteArray(body), false)
                        .statusCode());
        assertEquals(
                200,
                put("/expected", HttpRequest.BodyPublishers.ofByteArray(body), true)
                        .statusCode());
        HttpRequest.BodyPublisher chunked =
                HttpRequest.BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(body));
        assertEquals(200, put("/chunked", chunked, false).statusCode());
        for (String path : new String[] {"/sized", "/expected", "/chunked"}) {
            assertArrayEquals(body, objects.get(path), path);
            assertArrayEquals(body, get(path).body(), path);
        }
        assertEquals(6, proxy.count(ObjectStoreProxy.Deed.SERVED));
    }

    @Test
    void aLostAnswerIsADonePut() {
        proxy.inject(StoreFaults.answersLost(1));
        assertThrows(IOException.class, () -> put("/lost", HttpRequest.BodyPublishers.ofString("v"), false));
        assertTrue(objects.containsKey("/lost"));
        assertTrue(proxy.count(ObjectStoreProxy.Deed.ANSWER_LOST) >= 1);
    }

    @Test
    void anUnavailableStoreDoesNothing() throws Exception {
        proxy.inject(StoreFaults.unavailable(1));
        assertEquals(
                503, put("/x", HttpRequest.BodyPublishers.ofString("v"), false).statusCode());
        assertTrue(objects.isEmpty());
        proxy.inject(StoreFaults.NONE);
        assertEquals(
                200, put("/x", HttpRequest.BodyPublishers.ofString("v"), false).statusCode());
    }

    @Test
    void aBlackHoleAnswersNothingUntilItIsHealed() throws Exception {
        proxy.inject(StoreFaults.BLACK_HOLE);
        assertThrows(IOException.class, () -> get("/x"));
        proxy.inject(StoreFaults.NONE);
        assertEquals(200, get("/x").statusCode());
    }

    @Test
    void aHeldPutIsDoneWhenItHealsThoughItsSenderIsGone() throws Exception {
        proxy.inject(StoreFaults.WRITES_HELD);
        assertThrows(IOException.class, () -> put("/late", HttpRequest.BodyPublishers.ofString("v"), false));
        assertEquals(200, get("/late").statusCode());
        assertFalse(objects.containsKey("/late"));
        proxy.inject(StoreFaults.NONE);
        Waiting.until(
                "the late PUT is done",
                Duration.ofSeconds(10),
                () -> proxy.count(ObjectStoreProxy.Deed.LATE),
                late -> late == 1);
        assertTrue(objects.containsKey("/late"));
    }

    @Test
    void aRefusedConnectionIsAcceptedAgainOnTheSamePort() throws Exception {
        proxy.refuse();
        assertThrows(IOException.class, () -> get("/x"));
        proxy.accept();
        assertEquals(200, get("/x").statusCode());
    }

    @Test
    void sharesOutsideOfZeroToOneAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> StoreFaults.unavailable(1.5));
        assertThrows(IllegalArgumentException.class, () -> StoreFaults.answersLost(Double.NaN));
    }

    private HttpResponse<byte[]> put(String path, HttpRequest.BodyPublisher body, boolean expect)
            throws IOException, InterruptedException {
        return http.send(
                request(path).PUT(body).expectContinue(expect).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        return http.send(request(path).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(proxy.endpoint() + path)).timeout(Duration.ofSeconds(2));
    }
}
