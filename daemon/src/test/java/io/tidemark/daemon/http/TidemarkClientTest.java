package io.tidemark.daemon.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.client.ClientOptions;
import io.tidemark.client.ConditionFailedException;
import io.tidemark.client.Consistency;
import io.tidemark.client.DeleteResult;
import io.tidemark.client.GetResult;
import io.tidemark.client.Precondition;
import io.tidemark.client.PutResult;
import io.tidemark.client.Row;
import io.tidemark.client.ScanRange;
import io.tidemark.client.TidemarkClient;
import io.tidemark.client.TidemarkClientException;
import io.tidemark.client.TidemarkClientException.Kind;
import io.tidemark.client.Transaction;
import io.tidemark.client.Version;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TidemarkClientTest {
    private final MemoryCluster cluster = MemoryCluster.of(3);
    private final TidemarkClient client = TidemarkClient.connect(cluster.endpoints());

    @AfterEach
    void close() {
        client.close();
        cluster.close();
    }

    @Test
    void aWriteIsReadAndItsVersionIsItsPlaceInTheLog() {
        PutResult put = TidemarkClient.await(client.put("ks", bytes("k"), bytes("v")));
        GetResult got = TidemarkClient.await(client.get("ks", bytes("k")));
        assertArrayEquals(bytes("v"), got.value());
        assertEquals(put.version(), got.version());
        assertTrue(got.lsn() >= put.version().lsn());
        assertTrue(TidemarkClient.await(client.delete("ks", bytes("k"))).existed());
        DeleteResult again = TidemarkClient.await(client.delete("ks", bytes("k")));
        assertFalse(again.existed());
        assertFalse(TidemarkClient.await(client.get("ks", bytes("k"))).found());
        assertFalse(TidemarkClient.await(client.get("ks", bytes("k"), Consistency.LOCAL))
                .found());
    }

    @Test
    void aConditionThatFailsNamesTheVersionFound() {
        PutResult put = TidemarkClient.await(client.put("ks", bytes("k"), bytes("1"), Precondition.absent()));
        ConditionFailedException e = assertThrows(
                ConditionFailedException.class,
                () -> TidemarkClient.await(client.put("ks", bytes("k"), bytes("2"), Precondition.absent())));
        assertEquals(Kind.CONFLICT, e.kind());
        assertEquals(put.version(), e.found());
        TidemarkClient.await(client.put("ks", bytes("k"), bytes("2"), Precondition.versionIs(put.version())));
        assertThrows(
                ConditionFailedException.class,
                () -> TidemarkClient.await(client.delete("ks", bytes("k"), Precondition.versionIs(put.version()))));
        ConditionFailedException gone = assertThrows(
                ConditionFailedException.class,
                () -> TidemarkClient.await(
                        client.put("ks", bytes("none"), bytes("2"), Precondition.versionIs(put.version()))));
        assertEquals(Version.NONE, gone.found());
    }

    @Test
    void concurrentWritesTravelTogether() {
        List<CompletableFuture<PutResult>> puts = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            puts.add(client.put("ks", bytes("k" + i), bytes("v" + i)));
        }
        puts.forEach(TidemarkClient::await);
        assertTrue(cluster.entries.get() < 500, cluster.entries + " entries for 2000 writes");
        List<CompletableFuture<GetResult>> gets = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            gets.add(client.get("ks", bytes("k" + i)));
        }
        for (int i = 0; i < 2000; i++) {
            assertArrayEquals(bytes("v" + i), TidemarkClient.await(gets.get(i)).value());
        }
    }

    @Test
    void largeValuesTravelAloneAndAreReadInSeveralAnswers() {
        byte[] large = new byte[3 << 20];
        List<CompletableFuture<PutResult>> puts = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            puts.add(client.put("ks", bytes("large" + i), large));
        }
        puts.forEach(TidemarkClient::await);
        List<CompletableFuture<GetResult>> gets = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            gets.add(client.get("ks", bytes("large" + i)));
        }
        gets.forEach(g -> assertEquals(large.length, TidemarkClient.await(g).value().length));
    }

    @Test
    void aRangeIsDeletedWholeAndNothingElse() {
        for (int i = 0; i < 300; i++) {
            TidemarkClient.await(client.put("ks", bytes(String.format("%03d", i)), new byte[900]));
        }
        TidemarkClient.await(client.deleteRange("ks", ScanRange.ofPrefix(bytes("1"))));
        TidemarkClient.await(client.deleteRange("ks", new ScanRange(null, bytes("298"), null, null)));
        TidemarkClient.await(client.deleteRange("ks", new ScanRange(null, null, bytes("000"), bytes("004"))));
        List<String> left = new ArrayList<>();
        client.rows("ks", ScanRange.all(), Consistency.LINEARIZABLE)
                .forEachRemaining(row -> left.add(new String(row.key(), StandardCharsets.UTF_8)));
        List<String> wanted = IntStream.range(0, 298)
                .filter(i -> i == 0 || i > 3 && i < 100 || i >= 200)
                .mapToObj(i -> String.format("%03d", i))
                .toList();
        assertEquals(wanted, left);
        for (ScanRange nothing : List.of(
                new ScanRange(null, bytes("2"), null, bytes("1")), new ScanRange(null, null, null, new byte[0]))) {
            assertKind(Kind.INVALID, client.deleteRange("ks", nothing));
        }
    }

    @Test
    void aScanGoesOnOverAllPages() {
        for (int i = 0; i < 25_000; i++) {
            cluster.put("ks", bytes(String.format("%05d", i)), bytes("v" + i));
        }
        Iterator<Row> rows = client.rows("ks", ScanRange.ofPrefix(bytes("1")), Consistency.LINEARIZABLE);
        for (int i = 10_000; i < 20_000; i++) {
            assertEquals(String.format("%05d", i), new String(rows.next().key(), StandardCharsets.UTF_8));
        }
        assertFalse(rows.hasNext());
        Iterator<Row> all = client.rows("ks", ScanRange.all(), Consistency.LOCAL);
        int count = 0;
        while (all.hasNext()) {
            all.next();
            count++;
        }
        assertEquals(25_000, count);
        assertEquals(
                2,
                TidemarkClient.await(client.scan(
                                "ks",
                                new ScanRange(null, bytes("00001"), bytes("00001"), bytes("00004")),
                                10,
                                Consistency.LINEARIZABLE))
                        .rows()
                        .size());
    }

    /** A length that does not fit its field would take along what stands behind it in the batch. */
    @Test
    void aBoundThatIsTooLongSpoilsNoWriteBesideIt() {
        CompletableFuture<?> beside = client.put("ks", bytes("beside"), bytes("v"));
        assertKind(Kind.INVALID, client.deleteRange("ks", new ScanRange(null, new byte[70_000], null, null)));
        assertKind(Kind.INVALID, client.deleteRange("k".repeat(300), ScanRange.all()));
        Transaction transaction = client.begin(Duration.ofSeconds(30)).join();
        assertKind(Kind.INVALID, transaction.lockRange("ks", new byte[70_000], null));
        assertKind(Kind.INVALID, transaction.lockRange("k".repeat(300), null, null));
        transaction.rollback().join();
        beside.join();
    }

    @Test
    void whatBreaksALimitNeverLeavesTheClient() {
        assertKind(Kind.INVALID, client.put("sys.meta", bytes("k"), bytes("v")));
        assertKind(Kind.INVALID, client.put("a/b", bytes("k"), bytes("v")));
        assertKind(Kind.INVALID, client.put("ks", new byte[0], bytes("v")));
        assertKind(Kind.INVALID, client.put("ks", new byte[2049], bytes("v")));
        assertKind(Kind.INVALID, client.put("ks", bytes("k"), new byte[(16 << 20) + 1]));
        assertKind(Kind.INVALID, client.scan("ks", ScanRange.all(), 0, Consistency.LOCAL));
        assertEquals(0, cluster.entries.get());
    }

    @Test
    void aClusterThatIsAwayFailsEachRequestAtItsDeadline() throws Exception {
        // the port is taken and nobody listens: freed, it would soon be another test's
        try (Socket silent = new Socket()) {
            silent.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            String nobody = "127.0.0.1:" + silent.getLocalPort();
            ClientOptions options = ClientOptions.of(List.of(nobody)).withRequestTimeout(Duration.ofMillis(500));
            try (TidemarkClient away = TidemarkClient.connect(options)) {
                TidemarkClientException e = assertKind(Kind.UNAVAILABLE, away.put("ks", bytes("k"), bytes("v")));
                assertTrue(e.getMessage().contains(nobody), e.getMessage());
                assertKind(Kind.UNAVAILABLE, away.get("ks", bytes("k")));
                assertKind(Kind.UNAVAILABLE, away.raw(nobody, "GET", "/v1/status", null));
            }
        }
    }

    @Test
    void aCallerPastTheBoundWaitsAndNothingIsLost() {
        ClientOptions options = ClientOptions.of(cluster.endpoints()).withInFlight(10, 100);
        try (TidemarkClient bounded = TidemarkClient.connect(options)) {
            List<CompletableFuture<PutResult>> puts = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                puts.add(bounded.put("ks", bytes("k" + i), bytes("v" + i)));
            }
            puts.forEach(TidemarkClient::await);
            CompletableFuture<PutResult> larger = bounded.put("ks", bytes("large"), new byte[1000]);
            TidemarkClient.await(larger);
        }
        assertArrayEquals(bytes("v299"), cluster.get("ks", bytes("k299")));
    }

    @Test
    void aCallbackThatWritesAgainNeverWaitsForItself() {
        ClientOptions options = ClientOptions.of(cluster.endpoints()).withInFlight(4, 1000);
        try (TidemarkClient bounded = TidemarkClient.connect(options)) {
            List<CompletableFuture<PutResult>> chains = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                CompletableFuture<PutResult> chain = bounded.put("ks", bytes("c" + i), bytes("0"));
                for (int n = 1; n < 20; n++) {
                    byte[] key = bytes("c" + i);
                    byte[] value = bytes("" + n);
                    chain = chain.thenCompose(done -> bounded.put("ks", key, value));
                }
                chains.add(chain);
            }
            chains.forEach(TidemarkClient::await);
        }
        assertArrayEquals(bytes("19"), cluster.get("ks", bytes("c7")));
    }

    @Test
    void closingFailsWhatIsInFlightAndWhatComesAfter() {
        cluster.fate = f -> new CompletableFuture<>();
        TidemarkClient closed = TidemarkClient.connect(cluster.endpoints());
        CompletableFuture<PutResult> hanging = closed.put("ks", bytes("k"), bytes("v"));
        closed.close();
        assertThrows(TidemarkClientException.class, () -> TidemarkClient.await(hanging));
        assertKind(Kind.UNAVAILABLE, closed.put("ks", bytes("k"), bytes("v")));
        cluster.fate = f -> f;
    }

    @Test
    void oneNodeAnswersRawQuestions() {
        assertEquals(
                200,
                TidemarkClient.await(client.raw(cluster.endpoint(1), "GET", "/v1/status", null))
                        .status());
    }

    private static TidemarkClientException assertKind(Kind kind, CompletableFuture<?> future) {
        TidemarkClientException e = assertThrows(TidemarkClientException.class, () -> TidemarkClient.await(future));
        assertEquals(kind, e.kind(), e.getMessage());
        return e;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
