package io.tidemark.shipper.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.trial.FaultyProxy;
import io.tidemark.shipper.trial.FaultyProxy.Mode;
import io.tidemark.shipper.trial.TrialS3Endpoint;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store through a network that fails, against a real S3 server. */
class S3ObjectStoreTest {
    private static final byte[] OURS = {1, 2, 3};
    private static final byte[] OTHER = {4, 5, 6};

    @TempDir
    Path directory;

    private TrialS3Endpoint endpoint;
    private FaultyProxy proxy;
    private MetricRegistry metrics;
    private S3ObjectStore direct;
    private S3ObjectStore store;
    private S3ObjectStore hasty;

    @BeforeEach
    void start() {
        endpoint = new TrialS3Endpoint(0, directory).start();
        proxy = new FaultyProxy(endpoint.port());
        metrics = new MetricRegistry();
        direct = open(endpoint.port(), 10_000, new MetricRegistry());
        direct.createBucketIfAbsent();
        store = open(proxy.port(), 5_000, metrics);
        hasty = open(proxy.port(), 500, new MetricRegistry());
    }

    private static S3ObjectStore open(int port, long attemptMillis, MetricRegistry metrics) {
        S3Options options = S3Options.of(URI.create("http://127.0.0.1:" + port), "faulty", "p")
                .withCredentials(TrialS3Endpoint.CREDENTIALS)
                .withProtection(S3Protection.defaults().withoutProof())
                .withTimeouts(attemptMillis, attemptMillis, 3 * attemptMillis);
        return S3ObjectStore.open(options, metrics);
    }

    @AfterEach
    void stop() {
        hasty.close();
        store.close();
        direct.close();
        proxy.close();
        endpoint.close();
    }

    @Test
    void aRangeOfAnObjectIsReadWithoutTheRest() {
        store.putIfAbsent("k", new byte[] {1, 2, 3, 4, 5});

        assertArrayEquals(new byte[] {2, 3, 4}, store.getRange("k", 1, 3).orElseThrow());
        assertEquals(Optional.empty(), store.getRange("none", 0, 1));
        for (int offset : new int[] {3, 7}) {
            TidemarkException found = assertThrows(TidemarkException.class, () -> store.getRange("k", offset, 4));
            assertEquals(ErrorKind.CORRUPT, found.kind(), found.getMessage());
        }
    }

    @Test
    void aLostAnswerOfASuccessfulPutIsSettledByLookingAtTheObject() {
        proxy.mode(Mode.DROP_PUT_ANSWERS);

        assertEquals(PutOutcome.CREATED, store.putIfAbsent("k", OURS));

        assertEquals(1, proxy.faults());
        assertEquals(1, metrics.counter("s3.unclear-puts").getCount());
        assertArrayEquals(OURS, direct.get("k").orElseThrow());
    }

    @Test
    void aLostAnswerIsNotMistakenForOursWhenAnotherWriterHasTheKey() {
        direct.putIfAbsent("k", OTHER);
        proxy.mode(Mode.DROP_PUT_ANSWERS);

        assertEquals(PutOutcome.FENCED, store.putIfAbsent("k", OURS));
        assertArrayEquals(OTHER, direct.get("k").orElseThrow());
    }

    @Test
    void whatIsDeletedIsGoneAndDeletingItAgainIsNoError() {
        direct.putIfAbsent("k", OURS);
        direct.putIfAbsent("k2", OTHER);

        store.delete("k");
        store.delete("k");
        store.delete("never-there");

        assertTrue(direct.head("k").isEmpty());
        assertArrayEquals(OTHER, direct.get("k2").orElseThrow());
        assertEquals(3, metrics.counter("s3.requests.delete").getCount());
        assertEquals(PutOutcome.CREATED, store.putIfAbsent("k", OTHER));
    }

    @Test
    void equalBytesOfAnotherWriterAreAlreadyOurs() {
        direct.putIfAbsent("k", OURS);

        assertEquals(PutOutcome.ALREADY_OURS, store.putIfAbsent("k", OURS));
    }

    @Test
    void aPutThatStaysUnansweredIsUnknownAndNotDone() {
        for (Mode mode : new Mode[] {Mode.ANSWER_503, Mode.BLACKHOLE, Mode.REFUSE}) {
            proxy.mode(mode);
            assertEquals(PutOutcome.UNKNOWN, hasty.putIfAbsent("k", OURS), mode.name());
        }
        assertTrue(direct.head("k").isEmpty());

        proxy.mode(Mode.PASS);
        assertEquals(PutOutcome.CREATED, store.putIfAbsent("k", OURS));
    }

    @Test
    void aReadGoesOnAsSoonAsS3Answers() {
        direct.putIfAbsent("k", OURS);
        proxy.mode(Mode.ANSWER_503);
        CompletableFuture<byte[]> read =
                CompletableFuture.supplyAsync(() -> store.get("k").orElseThrow());
        while (proxy.faults() < 2) {
            Thread.onSpinWait();
        }
        proxy.mode(Mode.PASS);

        assertArrayEquals(OURS, read.join());
        assertTrue(metrics.counter("s3.retries").getCount() >= 2);
    }

    @Test
    void aReadThatNobodyAnswersEndsAtItsDeadlineAndSaysWhy() {
        proxy.mode(Mode.ANSWER_503);
        TidemarkException slow = assertThrows(TidemarkException.class, () -> hasty.list("", null));
        assertEquals(ErrorKind.UNAVAILABLE, slow.kind());
        assertTrue(slow.getMessage().contains("503 SlowDown"), slow.getMessage());

        proxy.mode(Mode.REFUSE);
        TidemarkException refused = assertThrows(TidemarkException.class, () -> hasty.get("k"));
        assertEquals(ErrorKind.UNAVAILABLE, refused.kind());
        assertTrue(refused.getMessage().contains("get k failed"), refused.getMessage());
    }

    @Test
    void anObjectWhoseBytesRottedIsNamedAndNeverServed() throws Exception {
        direct.putIfAbsent("k", OURS);
        Path file = directory.resolve("faulty/p/k");
        byte[] rotten = OURS.clone();
        rotten[1] ^= 0x10;
        java.nio.channels.FileChannel channel =
                java.nio.channels.FileChannel.open(file, java.nio.file.StandardOpenOption.WRITE);
        try (channel) {
            channel.write(java.nio.ByteBuffer.wrap(rotten));
        }

        TidemarkException damaged = assertThrows(TidemarkException.class, () -> direct.get("k"));
        assertEquals(ErrorKind.CORRUPT, damaged.kind());
        assertTrue(damaged.getMessage().contains("s3://faulty/p/k"), damaged.getMessage());
    }

    @Test
    void aLargeObjectPassesWhole() {
        byte[] large = new byte[20 << 20];
        new Random(7).nextBytes(large);
        try (S3ObjectStore patient = S3ObjectStore.open(
                S3Options.of(URI.create("http://127.0.0.1:" + proxy.port()), "faulty", "p")
                        .withCredentials(TrialS3Endpoint.CREDENTIALS)
                        .withProtection(S3Protection.defaults().withoutProof()),
                new MetricRegistry())) {
            assertEquals(PutOutcome.CREATED, patient.putIfAbsent("large", large));
            assertArrayEquals(large, patient.get("large").orElseThrow());
        }
    }
}
