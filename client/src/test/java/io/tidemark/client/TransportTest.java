package io.tidemark.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TransportTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Y: z\r\n\r\nok";
    private final Transport transport = new Transport(Duration.ofSeconds(5), 4);

    @AfterEach
    void close() {
        transport.close();
    }

    @Test
    void requestsThatFollowEachOtherShareAConnection() throws Exception {
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.saying(OK));
                Transport many = new Transport(Duration.ofSeconds(5), 100)) {
            for (int i = 0; i < 100; i++) {
                HttpAnswer answer = many.send(
                                server.endpoint(), "PUT", "/", Map.of(), new byte[i], Duration.ofSeconds(20))
                        .join();
                assertEquals("ok", answer.text());
                assertEquals("z", answer.header("x-y"));
            }
            assertTrue(server.connections.get() <= 50, server.connections + " connections");
        }
    }

    @Test
    void requestsAtOnceUseConnectionsUpToTheBoundAndThenWait() throws Exception {
        CountDownLatch all = new CountDownLatch(4);
        try (ScriptedServer server = new ScriptedServer((in, out) -> {
            all.countDown();
            all.await();
            ScriptedServer.saying(OK).run(in, out);
        })) {
            List<CompletableFuture<HttpAnswer>> answers = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                answers.add(send(server, null));
            }
            answers.forEach(a -> assertEquals(200, a.join().status()));
            int connections = server.connections.get();
            assertTrue(connections >= 4 && connections <= 8, connections + " connections for 40 requests");
        }
    }

    @Test
    void anAnswerInChunksIsPutTogether() throws Exception {
        String chunked = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n";
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.saying(chunked))) {
            assertEquals("abc0123456789", send(server, null).join().text());
            assertEquals("abc0123456789", send(server, null).join().text());
        }
    }

    @Test
    void aLargeBodyAndALargeAnswerGoThrough() throws Exception {
        String large = "x".repeat(3 << 20);
        try (ScriptedServer server = new ScriptedServer(
                ScriptedServer.saying("HTTP/1.1 200 OK\r\nContent-Length: " + large.length() + "\r\n\r\n" + large))) {
            for (int i = 0; i < 3; i++) {
                assertEquals(large, send(server, new byte[16 << 20]).join().text());
            }
        }
    }

    @Test
    void whatNeverReachedANodeIsAConnectException() throws Exception {
        String nobody;
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.saying(OK))) {
            nobody = server.endpoint();
        }
        CompletionException e = assertThrows(
                CompletionException.class,
                () -> transport
                        .send(nobody, "GET", "/", Map.of(), null, Duration.ofSeconds(5))
                        .join());
        assertInstanceOf(ConnectException.class, e.getCause());
    }

    @Test
    void whatMayHaveReachedANodeIsNot() throws Exception {
        List<ScriptedServer.Script> scripts = List.of(
                ScriptedServer.sayingOnce(""),
                ScriptedServer.sayingOnce("HTTP/1.1 200"),
                ScriptedServer.sayingOnce("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab"),
                ScriptedServer.sayingOnce("SSH-2.0-OpenSSH_9.2\r\n"),
                ScriptedServer.sayingOnce("HTTP/1.1 200 OK\r\nno header\r\n\r\n"),
                ScriptedServer.sayingOnce("HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n"),
                ScriptedServer.sayingOnce("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"),
                ScriptedServer.sayingOnce("HTTP/1.1 200 OK\r\n" + "a: b\r\n".repeat(200)),
                ScriptedServer.sayingOnce("HTTP/1.1 200 OK\r\nx: " + "y".repeat(100_000)));
        for (ScriptedServer.Script script : scripts) {
            try (ScriptedServer server = new ScriptedServer(script)) {
                CompletionException e = assertThrows(
                        CompletionException.class,
                        () -> send(server, new byte[3]).join());
                assertInstanceOf(IOException.class, e.getCause());
                assertFalse(
                        e.getCause() instanceof ConnectException, e.getCause().toString());
            }
        }
    }

    @Test
    void aSilentNodeIsGivenUpAtTheDeadline() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (ScriptedServer server = new ScriptedServer((in, out) -> end.await())) {
            for (byte[] body : List.of(new byte[3], new byte[32 << 20])) {
                CompletionException e = assertThrows(
                        CompletionException.class,
                        () -> transport
                                .send(server.endpoint(), "PUT", "/", Map.of(), body, Duration.ofMillis(200))
                                .join());
                assertTrue(e.getCause().getMessage().contains("no answer from"), e.toString());
            }
        } finally {
            end.countDown();
        }
    }

    @Test
    void aConnectionThatTheOtherSideEndedIsNotUsedAgain() throws Exception {
        String last = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok";
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.sayingOnce(last))) {
            for (int i = 0; i < 20; i++) {
                assertEquals(200, send(server, new byte[3]).join().status());
            }
            assertEquals(20, server.connections.get());
        }
    }

    @Test
    void anAnswerBeforeTheEndOfTheRequestIsTaken() throws Exception {
        String refusal = "HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno";
        CountDownLatch end = new CountDownLatch(1);
        try (ScriptedServer server = new ScriptedServer((in, out) -> {
            in.read();
            out.write(refusal.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            end.await();
        })) {
            assertEquals(413, send(server, new byte[32 << 20]).join().status());
            assertEquals(413, send(server, new byte[32 << 20]).join().status());
        } finally {
            end.countDown();
        }
    }

    @Test
    void aHeaderCannotBeginAnother() throws Exception {
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.saying(OK))) {
            assertThrows(
                    TidemarkClientException.class,
                    () -> transport.send(
                            server.endpoint(), "GET", "/", Map.of("A", "b\r\nC: d"), null, Duration.ofSeconds(5)));
        }
    }

    @Test
    void closingFailsWhatIsInFlight() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (ScriptedServer server = new ScriptedServer((in, out) -> end.await())) {
            Transport closed = new Transport(Duration.ofSeconds(5), 1);
            CompletableFuture<HttpAnswer> sent =
                    closed.send(server.endpoint(), "GET", "/", Map.of(), null, Duration.ofSeconds(20));
            CompletableFuture<HttpAnswer> waiting =
                    closed.send(server.endpoint(), "GET", "/", Map.of(), null, Duration.ofSeconds(20));
            closed.close();
            assertThrows(CompletionException.class, sent::join);
            assertThrows(CompletionException.class, waiting::join);
            assertThrows(
                    CompletionException.class,
                    closed.send(server.endpoint(), "GET", "/", Map.of(), null, Duration.ofSeconds(20))::join);
        } finally {
            end.countDown();
        }
    }

    private CompletableFuture<HttpAnswer> send(ScriptedServer server, byte[] body) {
        return transport.send(server.endpoint(), "PUT", "/x", Map.of("A", "b"), body, Duration.ofSeconds(20));
    }
}
