package io.tidemark.shipper.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.manifest.Manifest;
import io.tidemark.shipper.pace.ManualPace;
import io.tidemark.shipper.segment.Entries;
import io.tidemark.shipper.store.ObjectStore.ObjectInfo;
import io.tidemark.shipper.trial.HazardPlan;
import io.tidemark.shipper.trial.SimulatedHttp;
import io.tidemark.shipper.trial.SimulatedS3;
import io.tidemark.shipper.trial.TrialS3Endpoint;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** S3 Express: listings have no order and begin at their beginning. Simulated; nobody has tried the real one. */
class DirectoryBucketTest {
    private static final String BUCKET = "history--use1-az4--x-s3";

    private final SimulatedS3 server = SimulatedS3.directoryBucket(7);
    private final HazardPlan seen = HazardPlan.none();
    private final S3ObjectStore store = open();

    private S3ObjectStore open() {
        S3Options options = S3Options.of(null, BUCKET, "p").withCredentials(TrialS3Endpoint.CREDENTIALS);
        SimulatedHttp http = new SimulatedHttp();
        http.connect(server, seen);
        Random random = new Random(1);
        return new S3ObjectStore(
                options,
                S3Connection.over(b -> b.httpClient(http), options),
                new ManualPace(),
                random,
                random,
                new MetricRegistry());
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void listingsAreSortedAndBeginWhereTheyWereAskedTo() {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            keys.add(String.format("h/log/%03d.seg", i));
            store.putIfAbsent(keys.get(i), new byte[] {(byte) i});
        }
        store.putIfAbsent("other/history.json", new byte[] {1});

        assertEquals(
                keys, store.list("h/log/", null).stream().map(ObjectInfo::key).toList());
        assertEquals(
                keys.subList(31, 40),
                store.list("h/log/", "h/log/030.seg").stream()
                        .map(ObjectInfo::key)
                        .toList());
        assertEquals(List.of("conditions", "h", "other"), store.folders(""));
        assertArrayEquals(new byte[] {7}, store.get("h/log/007.seg").orElseThrow());
        assertEquals(PutOutcome.FENCED, store.putIfAbsent("h/log/007.seg", new byte[] {8}));
        assertTrue(server.sessions() > 0, "the SDK asks for a session by itself");
    }

    @Test
    void theNewestManifestIsFoundWhateverTheOrder() {
        for (long mark = 0; mark < 30; mark++) {
            Manifest manifest = new Manifest("h", mark, 0, Entries.position(mark), null, Manifest.NO_FLOOR, 1);
            store.putIfAbsent(manifest.key(), manifest.encode());
        }
        HistoryReader reader = new HistoryReader(store);
        assertEquals(29, reader.newestManifest("h").orElseThrow().mark());
        assertEquals(29, reader.newestManifestFrom("h", 28).orElseThrow().mark());
        assertTrue(reader.newestManifestFrom("h", 30).isEmpty());
    }

    @Test
    void pathStyleAndMd5AreRefused() {
        S3Options options = S3Options.of(URI.create("https://zonal.example"), BUCKET, "p");
        assertThrows(TidemarkException.class, () -> options.withPlace("us-east-1", true));
        assertThrows(TidemarkException.class, () -> options.withProtection(S3Protection.defaults()));
    }
}
