package io.tidemark.daemon.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.client.HttpAnswer;
import io.tidemark.client.KeyText;
import io.tidemark.client.Transport;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HttpServerTest {
    private final MemoryCluster cluster = MemoryCluster.of(3);
    private final Transport transport = new Transport(Duration.ofSeconds(5), 16);

    @AfterEach
    void close() {
        transport.close();
        cluster.close();
    }

    @Test
    void aValuePutAtAnyNodeIsReadAtAnyNode() {
        for (int node = 0; node < 3; node++) {
            HttpAnswer put = send(node, "PUT", "/v1/kv/ks/key" + node, Map.of(), bytes("value" + node));
            assertEquals(204, put.status(), put.text());
            assertEquals(cluster.endpoint(0), put.header("Tidemark-Leader"));
            for (int reader = 0; reader < 3; reader++) {
                HttpAnswer got = send(reader, "GET", "/v1/kv/ks/key" + node, Map.of(), null);
                assertEquals(200, got.status());
                assertEquals("value" + node, got.text());
                assertEquals(put.header("ETag"), got.header("ETag"));
                assertTrue(Long.parseLong(got.header("Tidemark-Lsn")) >= Long.parseLong(put.header("Tidemark-Lsn")));
            }
        }
    }

    @Test
    void aKeyIsTheBytesOfItsPathAndNothingIsNormalised() {
        byte[] everyByte = everyByte(1);
        byte[] longest = new byte[2048];
        Arrays.fill(longest, (byte) 0xff);
        List<byte[]> keys = List.of(
                bytes("a/b"),
                bytes("/leading"),
                bytes("trailing/"),
                bytes("a//b"),
                bytes("a/../b"),
                bytes(".."),
                bytes("../../../../etc/passwd"),
                bytes("."),
                bytes("a/./b"),
                bytes("100%"),
                bytes("%2F"),
                bytes("a;b=c"),
                bytes("a?b#c"),
                bytes("a+b c"),
                bytes("\u00e4\u6f22"),
                everyByte,
                longest);
        for (int i = 0; i < keys.size(); i++) {
            HttpAnswer put = send(0, "PUT", "/v1/kv/ks/" + KeyText.encode(keys.get(i)), Map.of(), bytes("v" + i));
            assertEquals(204, put.status(), KeyText.encode(keys.get(i)) + ": " + put.text());
            assertEquals("v" + i, new String(cluster.get("ks", keys.get(i)), StandardCharsets.UTF_8));
        }
        for (int i = 0; i < keys.size(); i++) {
            assertEquals(
                    "v" + i,
                    send(1, "GET", "/v1/kv/ks/" + KeyText.encode(keys.get(i)), Map.of(), null)
                            .text());
        }
    }

    @Test
    void aKeyThatNoPathCanHoldStandsInTheQuery() {
        byte[] zero = everyByte(0);
        String path = "/v1/kv/ks/?key=" + KeyText.encode(zero);
        assertEquals(204, send(1, "PUT", path, Map.of(), bytes("v")).status());
        assertEquals("v", new String(cluster.get("ks", zero), StandardCharsets.UTF_8));
        assertEquals("v", send(1, "GET", path, Map.of(), null).text());
        assertEquals(204, send(1, "DELETE", path, Map.of(), null).status());
        assertError(send(1, "GET", "/v1/kv/ks/%00", Map.of(), null), 400, "INVALID");
    }

    /** The entries of a cluster that was restored are no continuation of what its followers were told before. */
    @Test
    void theLogIsHandedOutOnlyToThoseWhoFollowItsHistory() {
        cluster.put("ks", bytes("k"), bytes("v"));
        HttpAnswer any = send(1, "GET", "/v1/log?from=0", Map.of(), null);
        HttpAnswer same = send(1, "GET", "/v1/log?from=0&history=history", Map.of(), null);
        HttpAnswer other = send(1, "GET", "/v1/log?from=0&history=another", Map.of(), null);
        assertEquals(200, any.status());
        assertArrayEquals(any.body(), same.body(), same.text());
        assertEquals(1, LogPiece.decode(same.body()).size());
        assertError(other, 409, "CONFLICT");
        assertEquals("history", other.header("Tidemark-History"));
    }

    /** Two who stopped reading hold most of the room for answers: a third is sent away in place of being held in memory too. */
    @Test
    void thoseWhoFollowTheLogTakeNoMoreMemoryThanThereIs() throws Exception {
        cluster.put("ks", bytes("large"), new byte[16 << 20]);
        List<Socket> stopped = new ArrayList<>();
        try {
            for (int i = 0; i < 2; i++) {
                Socket socket = new Socket(
                        InetAddress.getLoopbackAddress(), cluster.server(1).port());
                stopped.add(socket);
                socket.getOutputStream().write(bytes("GET /v1/log?from=0 HTTP/1.1\r\nHost: h\r\n\r\n"));
                assertEquals('H', socket.getInputStream().read());
            }
            HttpAnswer third = send(1, "GET", "/v1/log?from=0", Map.of(), null);
            assertError(third, 503, "RETRY");
        } finally {
            for (Socket socket : stopped) {
                socket.close();
            }
        }
        HttpAnswer later = send(1, "GET", "/v1/log?from=0", Map.of(), null);
        assertEquals(200, later.status());
        assertEquals(1, LogPiece.decode(later.body()).size());
    }

    private static byte[] everyByte(int from) {
        byte[] bytes = new byte[256 - from];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i + from);
        }
        return bytes;
    }

    @Test
    void dotsAndSlashesThatNobodyEscapedBelongToTheKeyToo() {
        for (String raw : List.of("a/../b", "./a", "a//b", "..", "a;x", "a%2fb", "a%2Fb/c", "%ff%fe", "a+b")) {
            String answer = RawHttp.exchange(
                    cluster.server(0).port(),
                    "PUT /v1/kv/ks/" + raw + " HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx");
            assertTrue(answer.startsWith("HTTP/1.1 204"), raw + ": " + answer);
            assertArrayEquals(bytes("x"), cluster.get("ks", KeyText.decode(raw)), raw);
        }
    }

    /** The second node does not lead: it hands the request on as it came. */
    @Test
    void aFollowerHandsOnWhateverTheLeaderWouldTake() {
        for (String raw : List.of("user|42", "a^b", "{x}", "[0]", "a\"b", "`", "k?key=%zz", "a/../b")) {
            String answer = RawHttp.exchange(
                    cluster.server(1).port(),
                    "PUT /v1/kv/ks/" + raw + " HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx");
            String byLeader = RawHttp.exchange(
                    cluster.server(0).port(),
                    "PUT /v1/kv/ks/" + raw + " HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx");
            assertEquals(byLeader.substring(0, 12), answer.substring(0, 12), raw + ": " + answer);
        }
        assertArrayEquals(bytes("x"), cluster.get("ks", KeyText.decode("user|42")));
        assertArrayEquals(bytes("x"), cluster.get("ks", KeyText.decode("a/../b")));
    }

    @Test
    void aPreconditionIsCheckedAndTheVersionFoundIsNamed() {
        HttpAnswer first = send(1, "PUT", "/v1/kv/ks/k", Map.of("If-None-Match", "*"), bytes("1"));
        assertEquals(204, first.status());
        HttpAnswer again = send(1, "PUT", "/v1/kv/ks/k", Map.of("If-None-Match", "*"), bytes("2"));
        assertError(again, 412, "CONFLICT");
        assertEquals(first.header("ETag"), again.header("ETag"));
        HttpAnswer second = send(0, "PUT", "/v1/kv/ks/k", Map.of("If-Match", first.header("ETag")), bytes("2"));
        assertEquals(204, second.status());
        assertError(send(0, "DELETE", "/v1/kv/ks/k", Map.of("If-Match", first.header("ETag")), null), 412, "CONFLICT");
        assertEquals(
                204,
                send(0, "DELETE", "/v1/kv/ks/k", Map.of("If-Match", second.header("ETag")), null)
                        .status());
        assertError(send(0, "DELETE", "/v1/kv/ks/k", Map.of(), null), 404, "NOT_FOUND");
        assertError(send(0, "GET", "/v1/kv/ks/k", Map.of(), null), 404, "NOT_FOUND");
    }

    @Test
    void badInputIsRefusedByNameAndChangesNothing() {
        assertError(send(0, "PUT", "/v1/kv/sys.x/k", Map.of(), bytes("1")), 400, "INVALID");
        assertError(send(0, "PUT", "/v1/kv/k%20s/k", Map.of(), bytes("1")), 400, "INVALID");
        assertError(send(0, "PUT", "/v1/kv/ks/", Map.of(), bytes("1")), 400, "INVALID");
        assertError(send(0, "PUT", "/v1/kv/ks/" + "k".repeat(2049), Map.of(), bytes("1")), 400, "INVALID");
        assertError(send(0, "PUT", "/v1/kv/ks/k", Map.of("If-Match", "7.0"), bytes("1")), 400, "INVALID");
        assertError(send(0, "PUT", "/v1/kv/ks/k", Map.of("If-Match", "\"x\""), bytes("1")), 400, "INVALID");
        assertError(send(0, "PUT", "/v1/kv/ks/k", Map.of("If-None-Match", "\"1.0\""), bytes("1")), 400, "INVALID");
        assertError(send(0, "PUT", "/v1/kv/ks/k", Map.of("Tidemark-Session", "1.0"), bytes("1")), 400, "INVALID");
        assertError(send(0, "PUT", "/v1/kv/ks/k?ttl=5", Map.of(), bytes("1")), 400, "INVALID");
        assertError(send(0, "GET", "/v1/kv/ks/k?consistency=strong", Map.of(), null), 400, "INVALID");
        assertError(send(0, "GET", "/v1/kv/ks/k?at-least=-4", Map.of(), null), 400, "INVALID");
        assertError(send(0, "GET", "/v1/kv/ks?limit=0", Map.of(), null), 400, "INVALID");
        assertError(send(0, "POST", "/v1/batch", Map.of(), bytes("what is this?")), 400, "INVALID");
        assertError(send(0, "POST", "/v1/kv/ks/k", Map.of(), bytes("1")), 405, "INVALID");
        assertError(send(0, "PUT", "/v1/status", Map.of(), bytes("1")), 405, "INVALID");
        assertError(send(0, "GET", "/v2/kv", Map.of(), null), 404, "NOT_FOUND");
        assertEquals(0, cluster.entries.get());
    }

    @Test
    void aBodyTooLargeIsRefusedWhetherItsLengthIsSaidOrNot() {
        byte[] tooLarge = new byte[(16 << 20) + 1];
        assertError(send(0, "PUT", "/v1/kv/ks/k", Map.of(), tooLarge), 413, "INVALID");
        String chunk = "100000\r\n" + "x".repeat(1 << 20) + "\r\n";
        String chunked = RawHttp.exchange(
                cluster.server(0).port(),
                "PUT /v1/kv/ks/k HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                        + chunk.repeat(16) + "1\r\nx\r\n0\r\n\r\n");
        assertTrue(chunked.startsWith("HTTP/1.1 413"), chunked);
        assertEquals(0, cluster.entries.get());
        assertEquals(
                204, send(0, "PUT", "/v1/kv/ks/k", Map.of(), new byte[16 << 20]).status());
        assertEquals(16 << 20, send(1, "GET", "/v1/kv/ks/k", Map.of(), null).body().length);
    }

    @Test
    void aBrokenRequestLineIsAnsweredInJson() {
        String answer = RawHttp.exchange(cluster.server(0).port(), "GARBAGE\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 400"), answer);
        assertTrue(answer.contains("\"error\":\"INVALID\""), answer);
        String tooLong = RawHttp.exchange(
                cluster.server(0).port(), "GET /" + "x".repeat(40_000) + " HTTP/1.1\r\nHost: h\r\n\r\n");
        assertTrue(tooLong.startsWith("HTTP/1.1 414") || tooLong.startsWith("HTTP/1.1 431"), tooLong);
        assertTrue(tooLong.contains("\"error\":\"INVALID\""), tooLong);
    }

    @Test
    void aRowOfAScanThatIsNotTextComesInBase64() throws Exception {
        send(0, "PUT", "/v1/kv/ks/a", Map.of(), bytes("text"));
        send(0, "PUT", "/v1/kv/ks/b", Map.of(), new byte[] {(byte) 0xff});
        send(0, "PUT", "/v1/kv/ks/%FF", Map.of(), bytes("last"));
        JsonNode page = json(send(0, "GET", "/v1/kv/ks?limit=2", Map.of(), null));
        assertEquals("text", page.at("/rows/0/value").asText());
        assertFalse(page.at("/rows/0").has("encoding"));
        assertEquals("/w==", page.at("/rows/1/value").asText());
        assertEquals("base64", page.at("/rows/1/encoding").asText());
        assertEquals("%FF", page.get("next").asText());
        JsonNode rest = json(send(0, "GET", "/v1/kv/ks?from=" + page.get("next").asText(), Map.of(), null));
        assertEquals("base64", rest.at("/rows/0/keyEncoding").asText());
        assertTrue(rest.get("next").isNull());
    }

    @Test
    void aLargeValueIsLeftOutOfAScanInJson() throws Exception {
        cluster.put("ks", bytes("large"), new byte[(1 << 20) + 1]);
        JsonNode row = json(send(0, "GET", "/v1/kv/ks", Map.of(), null)).at("/rows/0");
        assertFalse(row.has("value"));
        assertEquals((1 << 20) + 1, row.get("bytes").asInt());
    }

    /** Who has waited for four seconds is told to ask again, and does. */
    @Test
    @Timeout(120)
    void manyLargeReadsAtOnceTakeTurns() {
        cluster.put("ks", bytes("large"), new byte[16 << 20]);
        List<CompletableFuture<HttpAnswer>> reads = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            reads.add(readLarge());
        }
        reads.forEach(read -> {
            HttpAnswer answer = read.join();
            while (answer.status() == 503) {
                answer = readLarge().join();
            }
            assertEquals(16 << 20, answer.body().length, answer.status() + "");
        });
    }

    private CompletableFuture<HttpAnswer> readLarge() {
        return transport.send(cluster.endpoint(0), "GET", "/v1/kv/ks/large", Map.of(), null, Duration.ofSeconds(20));
    }

    @Test
    void boundsAndPrefixOfAScanHoldTogether() throws Exception {
        for (String key : List.of("a", "ab", "abc", "abd", "b", "c")) {
            send(0, "PUT", "/v1/kv/ks/" + key, Map.of(), bytes("v"));
        }
        assertEquals(List.of("ab", "abc", "abd"), keys("prefix=ab"));
        assertEquals(List.of("abc", "abd"), keys("prefix=ab&after=ab"));
        assertEquals(List.of("abc"), keys("prefix=ab&after=ab&to=abd"));
        assertEquals(List.of("abd", "b", "c"), keys("from=abd"));
        assertEquals(List.of("a", "ab"), keys("to=abc"));
        assertEquals(List.of(), keys("prefix=%FF"));
        assertEquals(List.of(), keys("from=c&to=a"));
        assertEquals(List.of(), keys("after=c"));
    }

    @Test
    void aLongScanIsStreamedLineByLine() throws Exception {
        byte[] value = bytes("x".repeat(1000));
        for (int i = 0; i < 3000; i++) {
            cluster.put("ks", bytes(String.format("%05d", i)), value);
        }
        HttpAnswer answer = send(0, "GET", "/v1/kv/ks", Map.of("Accept", "application/x-ndjson"), null);
        String[] lines = answer.text().split("\n");
        assertEquals(3000, lines.length);
        assertEquals(
                "02999", new ObjectMapper().readTree(lines[2999]).get("key").asText());
        HttpAnswer some = send(0, "GET", "/v1/kv/ks?limit=1500", Map.of("Accept", "application/x-ndjson"), null);
        assertEquals(1500, some.text().split("\n").length);
    }

    @Test
    void readsWaitForWhatTheyAskedFor() {
        send(0, "PUT", "/v1/kv/ks/k", Map.of(), bytes("1"));
        assertEquals(
                200, send(1, "GET", "/v1/kv/ks/k?at-least=0", Map.of(), null).status());
        HttpAnswer early = send(1, "GET", "/v1/kv/ks/k?consistency=local&at-least=99", Map.of(), null);
        assertError(early, 503, "RETRY");
        assertEquals("1", early.header("Retry-After"));
        cluster.leader = -1;
        assertError(send(1, "GET", "/v1/kv/ks/k", Map.of(), null), 503, "RETRY");
        assertEquals(
                "1",
                send(1, "GET", "/v1/kv/ks/k?consistency=local", Map.of(), null).text());
    }

    @Test
    void theNodeTellsOfItself() throws Exception {
        assertEquals(200, send(0, "GET", "/health", Map.of(), null).status());
        assertEquals(200, send(0, "GET", "/ready", Map.of(), null).status());
        JsonNode status = json(send(1, "GET", "/v1/status", Map.of(), null));
        assertEquals("n2", status.get("name").asText());
        assertEquals("FOLLOWER", status.get("role").asText());
        assertEquals("n1", status.get("leader").asText());
        assertEquals("bucket", status.at("/s3/bucket").asText());
        String metrics = send(0, "GET", "/metrics", Map.of(), null).text();
        assertTrue(metrics.contains("\ntidemark_node_applied -1.0\n"), metrics);
        assertTrue(metrics.contains("tidemark_http_requests"), metrics);
        assertTrue(metrics.contains("\njvm_heap_used_bytes "), metrics);
        assertFalse(metrics.contains("# HELP"), metrics);
        cluster.leader = -1;
        HttpAnswer notReady = send(0, "GET", "/ready", Map.of(), null);
        assertEquals(503, notReady.status());
        assertEquals("no leader is known", json(notReady).get("reason").asText());
    }

    @Test
    void aNodeThatIsStartingSaysWhyItServesNothing() throws Exception {
        cluster.server(2).serve(new StartingNode(() -> null, () -> "asks n1 and n2 to let it join"));
        assertEquals(
                "asks n1 and n2 to let it join",
                json(send(2, "GET", "/ready", Map.of(), null)).get("reason").asText());
        assertEquals(200, send(2, "GET", "/health", Map.of(), null).status());
        assertError(send(2, "GET", "/v1/kv/ks/k", Map.of(), null), 503, "UNAVAILABLE");
        assertError(send(2, "PUT", "/v1/kv/ks/k", Map.of(), bytes("v")), 503, "UNAVAILABLE");
    }

    @Test
    void nodesAreComparedAtAnLsn() throws Exception {
        long lsn =
                json(send(2, "POST", "/v1/observe", Map.of(), null)).get("lsn").asLong();
        assertEquals(
                lsn,
                json(send(1, "GET", "/v1/contents?lsn=" + lsn, Map.of(), null))
                        .get("lsn")
                        .asLong());
        assertError(send(1, "GET", "/v1/contents?lsn=77", Map.of(), null), 404, "NOT_FOUND");
        assertError(send(1, "GET", "/v1/contents", Map.of(), null), 400, "INVALID");
        assertEquals(
                "000000000000abcd",
                json(send(1, "GET", "/v1/chain?lsn=0", Map.of(), null))
                        .get("chain")
                        .asText());
        assertTrue(json(send(1, "GET", "/v1/chain?lsn=99", Map.of(), null))
                .get("chain")
                .isNull());
    }

    @Test
    void aRangeIsDeletedThroughAnyNode() throws Exception {
        for (String key : List.of("a1", "a2", "b1")) {
            assertEquals(
                    204,
                    send(0, "PUT", "/v1/kv/ks/" + key, Map.of(), bytes("v")).status());
        }
        JsonNode gone = json(send(2, "DELETE", "/v1/kv/ks?prefix=a", Map.of(), null));
        assertTrue(gone.get("next").isNull() && gone.get("lsn").asLong() > 0, gone.toString());
        JsonNode rows = json(send(1, "GET", "/v1/kv/ks", Map.of(), null)).get("rows");
        assertEquals(1, rows.size(), rows.toString());
        assertError(send(0, "DELETE", "/v1/kv/ks?from=b&to=a", Map.of(), null), 400, "INVALID");
    }

    @Test
    void theLeadIsHandedOnThroughAnyNode() throws Exception {
        JsonNode answer = json(send(0, "POST", "/v1/leader?to=n3", Map.of(), null));
        assertEquals("n3", answer.get("leader").asText());
        assertEquals(2, cluster.leader);
        assertError(send(0, "POST", "/v1/leader", Map.of(), null), 400, "INVALID");
    }

    @Test
    void anIncarnationIsHandedOutThroughAnyNode() throws Exception {
        long first = json(send(2, "POST", "/v1/members/n2", Map.of(), null))
                .get("incarnation")
                .asLong();
        JsonNode second = json(send(1, "POST", "/v1/members/n2", Map.of(), null));
        assertEquals(first + 1, second.get("incarnation").asLong());
        assertEquals("n2-" + (first + 1), second.get("peerId").asText());
        assertError(send(0, "POST", "/v1/members/n%202", Map.of(), null), 400, "INVALID");
    }

    @Test
    void aPortInUseIsAClearError() {
        int taken = cluster.server(0).port();
        TidemarkException e = assertThrows(
                TidemarkException.class,
                () -> HttpServer.start(
                        HttpOptions.of("127.0.0.1", taken),
                        new StartingNode(() -> null, () -> "nothing"),
                        new MetricRegistry()));
        assertEquals(ErrorKind.UNAVAILABLE, e.kind());
        assertEquals(
                "cannot listen on 127.0.0.1:" + taken
                        + ": the port is in use; stop what listens there or choose another",
                e.getMessage());
    }

    @Test
    void anEmptyValueIsAValue() {
        assertEquals(204, send(0, "PUT", "/v1/kv/ks/k", Map.of(), new byte[0]).status());
        HttpAnswer got = send(0, "GET", "/v1/kv/ks/k", Map.of(), null);
        assertEquals(200, got.status());
        assertEquals(0, got.body().length);
        assertNull(got.header("Tidemark-Error"));
        HttpAnswer head = send(0, "HEAD", "/v1/kv/ks/k", Map.of(), null);
        assertEquals(200, head.status());
    }

    private List<String> keys(String query) throws Exception {
        JsonNode rows =
                json(send(0, "GET", "/v1/kv/ks?" + query, Map.of(), null)).get("rows");
        String[] keys = new String[rows.size()];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = rows.get(i).get("key").asText();
        }
        return Arrays.asList(keys);
    }

    private HttpAnswer send(int node, String method, String path, Map<String, String> headers, byte[] body) {
        return transport
                .send(cluster.endpoint(node), method, path, headers, body, Duration.ofSeconds(20))
                .join();
    }

    private static void assertError(HttpAnswer answer, int status, String kind) {
        assertEquals(status, answer.status(), answer.text());
        assertEquals(kind, answer.header("Tidemark-Error"));
        try {
            assertEquals(kind, json(answer).get("error").asText());
            assertFalse(json(answer).get("message").asText().isEmpty());
        } catch (java.io.IOException e) {
            throw new AssertionError(answer.text(), e);
        }
    }

    private static JsonNode json(HttpAnswer answer) throws java.io.IOException {
        return new ObjectMapper().readTree(answer.body());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
