package io.tidemark.shipper.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.pace.ManualPace;
import io.tidemark.shipper.trial.HazardPlan;
import io.tidemark.shipper.trial.S3Hazard;
import io.tidemark.shipper.trial.SimulatedHttp;
import io.tidemark.shipper.trial.SimulatedS3;
import io.tidemark.shipper.trial.TrialS3Endpoint;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that takes {@code If-None-Match} and ignores it is found out before anything is entrusted to it. */
class ConditionProofTest {
    private static final int PART = S3Transfer.PART_BYTES_MIN;
    private static final byte[] SMALL = {1, 2, 3};

    private final SimulatedS3 server = new SimulatedS3(1_000);
    private final SimulatedHttp http = new SimulatedHttp();
    private S3ObjectStore store;

    private S3ObjectStore open(S3Protection protection, HazardPlan plan) {
        S3Options options = S3Options.of(URI.create("https://s3.invalid"), "bucket", "p")
                .withCredentials(TrialS3Endpoint.CREDENTIALS)
                .withTransfer(new S3Transfer(8, PART, PART, 3, 0, 0, 24))
                .withProtection(protection);
        http.connect(server, plan);
        Random random = new Random(1);
        store = new S3ObjectStore(
                options,
                S3Connection.over(b -> b.httpClient(http), options),
                new ManualPace(),
                random,
                random,
                new MetricRegistry());
        return store;
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static List<String> methods(HazardPlan plan) {
        return plan.requests().stream().map(l -> l.substring(0, l.indexOf(' '))).toList();
    }

    @Test
    void aServerThatRefusesToOverwriteIsAskedOnceAndKeepsOneSmallObject() {
        HazardPlan plan = HazardPlan.none();
        open(S3Protection.defaults(), plan);
        assertEquals(PutOutcome.CREATED, store.putIfAbsent("a", SMALL));
        assertEquals(PutOutcome.CREATED, store.putIfAbsent("b", SMALL));
        assertEquals(List.of("PUT", "PUT", "PUT", "PUT"), methods(plan), "one to put it, one to be refused");
        assertEquals(List.of("p/a", "p/b", "p/" + ConditionProof.KEY), server.keys());
        store.close();

        HazardPlan next = HazardPlan.none();
        open(S3Protection.defaults(), next);
        store.requireConditions();
        assertEquals(List.of("PUT"), methods(next), "it is there");
    }

    @Test
    void aServerThatIgnoresTheConditionIsRefusedAndGetsNothing() {
        server.ignoreConditions();
        open(S3Protection.defaults(), HazardPlan.none());
        for (int i = 0; i < 2; i++) {
            TidemarkException refused = assertThrows(TidemarkException.class, () -> store.putIfAbsent("a", SMALL));
            assertEquals(ErrorKind.UNAVAILABLE, refused.kind());
            assertTrue(refused.getMessage().contains("ignores If-None-Match"), refused.getMessage());
            assertTrue(refused.getMessage().contains("s3-prove-conditions"), refused.getMessage());
        }
        assertEquals(List.of("p/" + ConditionProof.KEY), server.keys());
    }

    @Test
    void theEndOfAnUploadInPartsIsProvedBeforeTheFirstOne() {
        HazardPlan plan = HazardPlan.none();
        open(S3Protection.defaults(), plan);
        assertEquals(PutOutcome.CREATED, store.putIfAbsent("large", new byte[PART]));
        assertEquals(PutOutcome.CREATED, store.putIfAbsent("larger", new byte[PART + 1]));

        assertEquals(
                3,
                plan.requests().stream()
                        .filter(l -> l.startsWith("POST") && !l.contains("uploads"))
                        .count());
        assertEquals(0, server.unfinishedUploads());
    }

    @Test
    void aServerThatIgnoresItInPartsAloneIsRefusedForThoseAlone() {
        open(S3Protection.defaults(), HazardPlan.none());
        assertEquals(PutOutcome.CREATED, store.putIfAbsent("a", SMALL));
        server.ignoreConditions();

        assertThrows(TidemarkException.class, () -> store.putIfAbsent("large", new byte[PART]));
        assertEquals(PutOutcome.CREATED, store.putIfAbsent("b", SMALL), "a PUT was proved before");
        assertEquals(0, server.unfinishedUploads());
    }

    @Test
    void whatIsUnclearIsAskedAgainAndNotTakenForProof() {
        open(S3Protection.defaults(), new HazardPlan(S3Hazard.NO_ANSWER_BUT_DONE, 1, 1));
        assertEquals(PutOutcome.CREATED, store.putIfAbsent("a", SMALL));
        store.close();

        open(S3Protection.defaults(), new HazardPlan(S3Hazard.SLOW_DOWN, 1, 1_000_000));
        TidemarkException busy = assertThrows(TidemarkException.class, () -> store.putIfAbsent("b", SMALL));
        assertTrue(busy.getMessage().contains("SlowDown"), busy.getMessage());
    }

    @Test
    void whoKnowsBetterSkipsIt() {
        server.ignoreConditions();
        HazardPlan plan = HazardPlan.none();
        open(S3Protection.defaults().withoutProof(), plan);
        assertEquals(PutOutcome.CREATED, store.putIfAbsent("a", SMALL));
        assertEquals(List.of("PUT"), methods(plan));
    }

    @Test
    void aRealServerPasses(@TempDir Path directory) {
        try (S3Fixture s3 = new S3Fixture(directory)) {
            store = S3ObjectStore.open(
                    s3.throughProxy()
                            .withProtection(S3Protection.defaults())
                            .withTransfer(new S3Transfer(8, PART, PART, 3, 0, 0, 24)),
                    new MetricRegistry());
            assertEquals(PutOutcome.CREATED, store.putIfAbsent("a", SMALL));
            assertEquals(PutOutcome.CREATED, store.putIfAbsent("large", new byte[PART]));
        }
    }
}
