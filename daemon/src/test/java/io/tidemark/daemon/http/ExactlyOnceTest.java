package io.tidemark.daemon.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.client.ClientOptions;
import io.tidemark.client.HttpAnswer;
import io.tidemark.client.Precondition;
import io.tidemark.client.PutResult;
import io.tidemark.client.TidemarkClient;
import io.tidemark.client.TidemarkClientException;
import io.tidemark.client.TidemarkClientException.Kind;
import io.tidemark.client.Transport;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rule E9, seen from a client: what was acknowledged happened once, what is unknown is said to be. */
class ExactlyOnceTest {
    private final MemoryCluster cluster = MemoryCluster.of(3);
    private final Transport transport = new Transport(Duration.ofSeconds(5), 2);
    private final TidemarkClient client =
            TidemarkClient.connect(ClientOptions.of(cluster.endpoints()).withAttemptTimeout(Duration.ofMillis(800)));

    @AfterEach
    void close() {
        client.close();
        transport.close();
        cluster.close();
    }

    @Test
    void e9_aWriteWhoseReplyWasLostIsAppliedOnce() {
        TidemarkClient.await(client.put("ks", bytes("first"), bytes("opens the session")));
        loseReplies(2);
        PutResult put = TidemarkClient.await(client.put("ks", bytes("k"), bytes("v"), Precondition.absent()));
        assertArrayEquals(bytes("v"), cluster.get("ks", bytes("k")));
        assertEquals(
                put.version(),
                TidemarkClient.await(client.get("ks", bytes("k"))).version());
    }

    @Test
    void e9_aWriteThatNeverCameBackIsRepeatedAtTheNextLeaderAndAppliedOnce() {
        TidemarkClient.await(client.put("ks", bytes("first"), bytes("opens the session")));
        AtomicInteger hanging = new AtomicInteger(1);
        cluster.fate = outcome -> {
            if (hanging.getAndDecrement() > 0) {
                cluster.leader = 2;
                return new CompletableFuture<>();
            }
            return outcome;
        };
        PutResult put = TidemarkClient.await(client.put("ks", bytes("k"), bytes("v"), Precondition.absent()));
        assertEquals(
                put.version(),
                TidemarkClient.await(client.get("ks", bytes("k"))).version());
    }

    @Test
    void e9_aWriteGoesOnWhenItsNodeIsGone() {
        TidemarkClient.await(client.put("ks", bytes("first"), bytes("opens the session")));
        cluster.leader = 1;
        cluster.server(0).close();
        TidemarkClient.await(client.put("ks", bytes("k"), bytes("v"), Precondition.absent()));
        cluster.leader = -1;
        CompletableFuture<PutResult> early = client.put("ks", bytes("early"), bytes("v"), Precondition.absent());
        cluster.leader = 2;
        TidemarkClient.await(early);
    }

    @Test
    void e9_aRequestOfALostSessionFailsAndTheNextOneOpensANewSession() {
        TidemarkClient.await(client.put("ks", bytes("k"), bytes("1")));
        cluster.expireSessions();
        TidemarkClientException e = assertThrows(
                TidemarkClientException.class, () -> TidemarkClient.await(client.put("ks", bytes("k"), bytes("2"))));
        assertEquals(Kind.OUTCOME_UNKNOWN, e.kind());
        assertArrayEquals(bytes("1"), cluster.get("ks", bytes("k")));
        TidemarkClient.await(client.put("ks", bytes("k"), bytes("3")));
        assertArrayEquals(bytes("3"), cluster.get("ks", bytes("k")));
    }

    @Test
    void e9_aWriteOutsideOfASessionIsNeverSentTwice() {
        loseReplies(1);
        int before = cluster.entries.get();
        HttpAnswer here = put(0, "k", Map.of());
        assertEquals(504, here.status());
        assertEquals("OUTCOME_UNKNOWN", here.header("Tidemark-Error"));
        loseReplies(1);
        HttpAnswer forwarded = put(1, "k", Map.of());
        assertEquals(504, forwarded.status());
        assertEquals(before + 2, cluster.entries.get());
    }

    @Test
    void e9_aPutOfASessionIsRecognisedWhenItComesAgainThroughAnyNode() throws Exception {
        String session = new ObjectMapper()
                .readTree(send(2, "POST", "/v1/sessions", Map.of(), null).body())
                .get("session")
                .asText();
        Map<String, String> headers =
                Map.of("Tidemark-Session", session, "Tidemark-Sequence", "1", "If-None-Match", "*");
        HttpAnswer first = put(0, "k", headers);
        assertEquals(204, first.status(), first.text());
        for (int node = 0; node < 3; node++) {
            HttpAnswer again = put(node, "k", headers);
            assertEquals(204, again.status(), again.text());
            assertEquals(first.header("ETag"), again.header("ETag"));
        }
        loseReplies(3);
        assertEquals(
                204,
                put(1, "k2", Map.of("Tidemark-Session", session, "Tidemark-Sequence", "2"))
                        .status());
        HttpAnswer replied = put(
                0,
                "k3",
                Map.of("Tidemark-Session", session, "Tidemark-Sequence", "3", "Tidemark-Replied-Through", "2"));
        assertEquals(204, replied.status());
        assertEquals(504, put(0, "k", headers).status(), "below the window it cannot be told any more");
        assertEquals(
                504,
                put(0, "k", Map.of("Tidemark-Session", "77.7", "Tidemark-Sequence", "1"))
                        .status());
    }

    @Test
    void e9_writesThroughLeaderChangesAndLostRepliesAreEachAppliedOnce() {
        Random random = new Random(42);
        cluster.fate = outcome -> {
            synchronized (random) {
                int dice = random.nextInt(10);
                if (dice == 0) {
                    cluster.leader = random.nextInt(3);
                }
                return dice < 3 ? outcome.thenCompose(r -> lost()) : outcome;
            }
        };
        List<CompletableFuture<PutResult>> puts = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            puts.add(client.put("ks", bytes("k" + i), bytes("v" + i), Precondition.absent()));
        }
        Set<Object> versions = new HashSet<>();
        puts.forEach(p -> versions.add(TidemarkClient.await(p).version()));
        assertEquals(3000, versions.size());
    }

    @Test
    void aWriteWaitsForALeaderAndIsRefusedWhenNoneComes() {
        cluster.leader = -1;
        HttpAnswer refused = put(0, "k", Map.of());
        assertEquals(503, refused.status());
        assertEquals("RETRY", refused.header("Tidemark-Error"));
        CompletableFuture<HttpAnswer> waiting =
                transport.send(cluster.endpoint(0), "PUT", "/v1/kv/ks/k", Map.of(), bytes("v"), Duration.ofSeconds(20));
        cluster.leader = 1;
        assertEquals(204, waiting.join().status());
    }

    @Test
    void aForwardedWriteIsNotForwardedAgain() {
        HttpAnswer answer = put(1, "k", Map.of("Tidemark-Forwarded", "1"));
        assertEquals(503, answer.status());
        assertEquals(cluster.endpoint(0), answer.header("Tidemark-Leader"));
        assertNotEquals(cluster.endpoint(1), answer.header("Tidemark-Leader"));
        assertTrue(answer.text().contains(cluster.endpoint(0)), answer.text());
    }

    /** The next submissions are applied, and nobody learns of it. */
    private void loseReplies(int count) {
        AtomicInteger left = new AtomicInteger(count);
        cluster.fate = outcome -> left.getAndDecrement() > 0 ? outcome.thenCompose(r -> lost()) : outcome;
    }

    private static CompletableFuture<List<Reply>> lost() {
        return CompletableFuture.failedFuture(
                new TidemarkException(ErrorKind.OUTCOME_UNKNOWN, "leadership was lost under way"));
    }

    private HttpAnswer put(int node, String key, Map<String, String> headers) {
        return send(node, "PUT", "/v1/kv/ks/" + key, headers, bytes("v"));
    }

    private HttpAnswer send(int node, String method, String path, Map<String, String> headers, byte[] body) {
        return transport
                .send(cluster.endpoint(node), method, path, headers, body, Duration.ofSeconds(20))
                .join();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
