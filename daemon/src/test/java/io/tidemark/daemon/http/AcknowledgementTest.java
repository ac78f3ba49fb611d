package io.tidemark.daemon.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.client.Ack;
import io.tidemark.client.ClientOptions;
import io.tidemark.client.HttpAnswer;
import io.tidemark.client.NotInS3Exception;
import io.tidemark.client.Precondition;
import io.tidemark.client.PutResult;
import io.tidemark.client.TidemarkClient;
import io.tidemark.client.TidemarkClientException.Kind;
import io.tidemark.client.Transaction;
import io.tidemark.client.Transport;
import io.tidemark.client.wire.BatchReply;
import io.tidemark.client.wire.BatchRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Writes that wait for S3, by HTTP and by the client, through the real faces. */
class AcknowledgementTest {
    private static final Map<String, String> S3 = Map.of("Tidemark-Ack", "s3");
    private static final Map<String, String> S3_BRIEFLY = Map.of("Tidemark-Ack", "s3", "Tidemark-Ack-Millis", "100");

    private final MemoryCluster cluster = MemoryCluster.of(3);
    private final Transport transport = new Transport(Duration.ofSeconds(5), 16);
    private final TidemarkClient client = TidemarkClient.connect(cluster.endpoints());

    @AfterEach
    void close() {
        client.close();
        transport.close();
        cluster.close();
    }

    private CompletableFuture<HttpAnswer> send(
            int node, String method, String path, Map<String, String> headers, byte[] body) {
        return transport.send(cluster.endpoint(node), method, path, headers, body, Duration.ofSeconds(20));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "waited in vain");
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }

    @Test
    void m6_whereTheDefaultIsS3AWriteThatDoesNotSayWaitsAndOneThatSaysQuorumDoesNot() {
        cluster.acknowledgesInS3 = true;
        HttpAnswer late = send(0, "PUT", "/v1/kv/ks/k", Map.of("Tidemark-Ack-Millis", "50"), bytes("v"))
                .join();
        assertEquals(504, late.status());
        assertEquals("NOT_IN_S3", late.header("Tidemark-Error"));
        assertEquals(
                204,
                send(0, "PUT", "/v1/kv/ks/q", Map.of("Tidemark-Ack", "quorum"), bytes("v"))
                        .join()
                        .status());
        assertEquals(
                200, send(0, "GET", "/v1/kv/ks/q", Map.of(), new byte[0]).join().status());

        CompletableFuture<HttpAnswer> put = send(0, "PUT", "/v1/kv/ks/k", Map.of(), bytes("w"));
        await(() -> !cluster.wanted.isEmpty());
        CompletableFuture<PutResult> batched = client.put("ks", bytes("b"), bytes("v"));
        cluster.ship(1_000);
        assertEquals("s3", put.join().header("Tidemark-Ack"));
        assertNotNull(batched.join(), "the client's writes wait too");
    }

    /**
     * A batch of reads says the LSN at which it read. At rest that is an entry which the log wrote for itself, and S3 never
     * gets it: the client's reads of a node with this default hung for ever.
     */
    @Test
    void m6_whereTheDefaultIsS3ABatchOfReadsWaitsForNothing() {
        cluster.acknowledgesInS3 = true;
        cluster.put("ks", bytes("k"), bytes("v"));
        byte[] reads = new BatchRequest(
                        null,
                        0,
                        List.of(new BatchRequest.Request(
                                0, BatchRequest.Op.GET, Precondition.none(), "ks", bytes("k"), new byte[0])))
                .encode();
        for (int node = 0; node < 2; node++) {
            HttpAnswer read = send(node, "POST", "/v1/batch", Map.of("Tidemark-Ack-Millis", "50"), reads)
                    .join();
            assertEquals(200, read.status(), read::text);
            assertNull(read.header("Tidemark-Ack"));
        }
        assertEquals(
                "v",
                new String(TidemarkClient.await(client.get("ks", bytes("k"))).value(), StandardCharsets.UTF_8));
        assertTrue(cluster.wanted.isEmpty(), cluster.wanted.toString());
    }

    @Test
    void m6_aWriteThatWaitsForS3IsAnsweredOnceTheMarkHasPassedIt() {
        for (int node = 0; node < 3; node++) {
            HttpAnswer quorum =
                    send(node, "PUT", "/v1/kv/ks/q", Map.of(), bytes("v")).join();
            assertEquals(204, quorum.status());
            assertNull(quorum.header("Tidemark-Ack"));
            long before = Long.parseLong(quorum.header("Tidemark-Lsn"));

            cluster.wanted.clear();
            CompletableFuture<HttpAnswer> put = send(node, "PUT", "/v1/kv/ks/k", S3, bytes("v"));
            // the leader was told to hurry, whichever node waits
            await(() -> cluster.wanted.contains("0:" + (before + 1)));
            cluster.ship(before);
            assertFalse(put.isDone());
            cluster.ship(before + 1);
            assertEquals(204, put.join().status());
            assertEquals("s3", put.join().header("Tidemark-Ack"));
            assertEquals(Long.toString(before + 1), put.join().header("Tidemark-Lsn"));
        }
    }

    @Test
    void m6_whenTheTimeIsOverTheAnswerSaysThatTheWriteIsDoneAndWhere() throws IOException {
        for (int node = 0; node < 2; node++) {
            HttpAnswer late = send(node, "PUT", "/v1/kv/ks/k" + node, S3_BRIEFLY, bytes("v"))
                    .join();
            assertEquals(504, late.status());
            assertEquals("NOT_IN_S3", late.header("Tidemark-Error"));
            assertEquals("quorum", late.header("Tidemark-Ack"));
            JsonNode body = new ObjectMapper().readTree(late.body());
            assertEquals("NOT_IN_S3", body.get("error").asText());
            assertEquals(late.header("Tidemark-Lsn"), body.get("lsn").asText());
            assertEquals("quorum", body.get("acknowledged").asText());
            HttpAnswer read =
                    send(node, "GET", "/v1/kv/ks/k" + node, Map.of(), null).join();
            assertEquals("v", read.text());
            assertEquals(late.header("ETag"), read.header("ETag"));
        }
    }

    @Test
    void whatWasNotDoneWaitsForNothing() {
        assertEquals(404, send(0, "DELETE", "/v1/kv/ks/none", S3, null).join().status());
        assertEquals(
                412,
                send(0, "PUT", "/v1/kv/ks/k", Map.of("Tidemark-Ack", "s3", "If-Match", "\"1.0\""), bytes("v"))
                        .join()
                        .status());
    }

    @Test
    void whatCannotBeAskedIsRefused() {
        for (Map<String, String> wrong : List.of(
                Map.of("Tidemark-Ack", "disk"),
                Map.of("Tidemark-Ack", "s3", "Tidemark-Ack-Millis", "0"),
                Map.of("Tidemark-Ack", "s3", "Tidemark-Ack-Millis", "soon"))) {
            assertEquals(
                    400, send(0, "PUT", "/v1/kv/ks/k", wrong, bytes("v")).join().status());
        }
        assertEquals(400, send(0, "GET", "/v1/kv/ks/k", S3, null).join().status());
        assertNull(cluster.get("ks", bytes("k")));
    }

    @Test
    void aCommitWaitsLikeAnyWrite() throws IOException {
        HttpAnswer begun =
                send(0, "POST", "/v1/transactions", Map.of(), new byte[0]).join();
        String id = new ObjectMapper().readTree(begun.body()).get("transaction").asText();
        Map<String, String> of = Map.of("Tidemark-Transaction", id);
        assertEquals(204, send(0, "PUT", "/v1/kv/ks/k", of, bytes("v")).join().status());
        CompletableFuture<HttpAnswer> commit = send(1, "POST", "/v1/transactions/" + id + "/commit", S3, new byte[0]);
        await(() -> cluster.get("ks", bytes("k")) != null && !cluster.wanted.isEmpty());
        cluster.ship(1_000);
        assertEquals(200, commit.join().status());
        assertEquals("s3", commit.join().header("Tidemark-Ack"));
    }

    @Test
    void aBatchKeepsItsRepliesAndSaysWhichLevelItReached() {
        byte[] batch = new BatchRequest(
                        null,
                        0,
                        List.of(new BatchRequest.Request(
                                0, BatchRequest.Op.PUT, Precondition.none(), "ks", bytes("k"), bytes("v"))))
                .encode();
        HttpAnswer late = send(0, "POST", "/v1/batch", S3_BRIEFLY, batch).join();
        assertEquals(200, late.status());
        assertEquals("quorum", late.header("Tidemark-Ack"));
        assertEquals(
                BatchReply.Status.OK,
                BatchReply.decode(late.body()).replies().get(0).status());
        cluster.ship(1_000);
        assertEquals("s3", send(0, "POST", "/v1/batch", S3, batch).join().header("Tidemark-Ack"));
    }

    @Test
    void theMarkMayBeAskedForAndWaitedFor() {
        assertEquals("-1", send(1, "GET", "/v1/shipped", Map.of(), null).join().header("Tidemark-Shipped"));
        send(0, "PUT", "/v1/kv/ks/k", Map.of(), bytes("v")).join();
        CompletableFuture<HttpAnswer> wait = send(1, "GET", "/v1/shipped?at-least=0&wait-millis=3000", Map.of(), null);
        await(() -> cluster.wanted.contains("0:0"));
        cluster.ship(0);
        assertEquals("0", wait.join().header("Tidemark-Shipped"));
        assertTrue(wait.join().text().contains("\"reached\":true"), wait.join().text());
        HttpAnswer past = send(1, "GET", "/v1/shipped?at-least=5&wait-millis=50", Map.of(), null)
                .join();
        assertTrue(past.text().contains("\"reached\":false"), past.text());
        assertEquals(
                400,
                send(1, "GET", "/v1/shipped?wait-millis=999999", Map.of(), null)
                        .join()
                        .status());
    }

    @Test
    void m6_theClientWaitsForEachWriteAndAnswersInTheOrderOfTheLog() {
        PutResult quorum = TidemarkClient.await(client.put("ks", bytes("q"), bytes("v")));
        List<CompletableFuture<PutResult>> puts = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            puts.add(client.put("ks", bytes("k" + i), bytes("v"), Precondition.none(), Ack.S3));
        }
        await(() -> cluster.get("ks", bytes("k49")) != null && !cluster.wanted.isEmpty());
        cluster.ship(quorum.version().lsn());
        assertTrue(puts.stream().noneMatch(CompletableFuture::isDone));
        cluster.ship(10_000);
        puts.forEach(put -> assertNotNull(TidemarkClient.await(put).version()));
        assertFalse(TidemarkClient.await(client.delete("ks", bytes("none"), Precondition.none(), Ack.S3))
                .existed());
        // every put was answered by few questions, not by one each
        assertTrue(cluster.wanted.size() < 20, cluster.wanted.toString());
    }

    @Test
    void m6_theClientSaysThatTheWriteIsDoneWhenS3IsNotThatFarInTime() {
        ClientOptions brief = ClientOptions.of(cluster.endpoints()).withRequestTimeout(Duration.ofSeconds(4));
        try (TidemarkClient hasty = TidemarkClient.connect(brief)) {
            NotInS3Exception late = assertThrows(
                    NotInS3Exception.class,
                    () -> TidemarkClient.await(hasty.put("ks", bytes("k"), bytes("v"), Precondition.none(), Ack.S3)));
            assertEquals(Kind.NOT_IN_S3, late.kind());
            assertEquals("v", new String(cluster.get("ks", bytes("k")), StandardCharsets.UTF_8));
            assertTrue(late.getMessage().contains("done at LSN " + late.lsn()), late.getMessage());

            Transaction transaction = TidemarkClient.await(hasty.begin(Duration.ofMinutes(1)));
            TidemarkClient.await(transaction.put("ks", bytes("t"), bytes("v")));
            assertThrows(NotInS3Exception.class, () -> TidemarkClient.await(transaction.commit(Ack.S3)));
            assertNotNull(cluster.get("ks", bytes("t")));

            cluster.ship(1_000);
            assertEquals(1_000, TidemarkClient.await(hasty.awaitShipped(late.lsn())));
        }
    }
}
