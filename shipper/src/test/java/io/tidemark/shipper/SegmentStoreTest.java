package io.tidemark.shipper;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.segment.Entries;
import io.tidemark.shipper.segment.SealedSegment;
import io.tidemark.shipper.segment.SegmentName;
import io.tidemark.shipper.store.ObjectStore;
import io.tidemark.shipper.store.PutOutcome;
import io.tidemark.shipper.store.S3ObjectStore;
import io.tidemark.shipper.store.S3Options;
import io.tidemark.shipper.store.SimulatedObjectStore;
import io.tidemark.shipper.trial.TrialS3Endpoint;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Segments in a store, over a real S3 server and over one in memory. */
class SegmentStoreTest {
    private static final String HISTORY = "6f9619ff-8b86-d011-b42d-00cf4fc964ff";

    @TempDir
    private Path directory;

    private static SealedSegment segment(String history, long lsn) {
        return Entries.segment(history, 7, Entries.put(lsn, 1, 100), Entries.put(lsn + 1, 1, 100));
    }

    /** What every store does. */
    private static void judge(ObjectStore store) {
        SegmentStore segments = new SegmentStore(store, HISTORY);
        segments.healthCheck();
        assertEquals(List.of(), segments.listSegments());
        List<SegmentName> names = new ArrayList<>();
        for (long lsn : List.of(0L, 2L, 4L)) {
            SealedSegment sealed = segment(HISTORY, lsn);
            names.add(sealed.name());
            assertEquals(PutOutcome.CREATED, segments.putSegment(sealed));
            assertEquals(PutOutcome.ALREADY_OURS, segments.putSegment(sealed));
            assertArrayEquals(sealed.bytes(), segments.getSegment(sealed.name()).orElseThrow());
        }
        store.putIfAbsent(HISTORY + "/log/notes.txt", new byte[] {1});
        store.putIfAbsent("other/log/00000000000000000000-00000000000000000001.seg", new byte[] {1});
        assertEquals(names, segments.listSegments(), "other keys are left out");

        segments.deleteSegment(names.get(1));
        segments.deleteSegment(names.get(1));
        assertTrue(segments.getSegment(names.get(1)).isEmpty());
        assertEquals(List.of(names.get(0), names.get(2)), segments.listSegments());
    }

    @Test
    void segmentsComeAndGoInS3() {
        try (TrialS3Endpoint endpoint = new TrialS3Endpoint(0, directory).start();
                S3ObjectStore store = S3ObjectStore.open(
                        S3Options.of(URI.create("http://127.0.0.1:" + endpoint.port()), "segments", "p")
                                .withCredentials(TrialS3Endpoint.CREDENTIALS),
                        new MetricRegistry())) {
            store.createBucketIfAbsent();
            judge(store);
        }
    }

    @Test
    void theStoreInMemoryDoesTheSame() {
        judge(new SimulatedObjectStore());
    }

    @Test
    void whatIsNoSegmentOfThatNameIsNeitherPutNorHandedOut() {
        SimulatedObjectStore store = new SimulatedObjectStore();
        SegmentStore segments = new SegmentStore(store, HISTORY);
        SealedSegment sealed = segment(HISTORY, 0);
        byte[] damaged = sealed.bytes().clone();
        damaged[damaged.length / 2] ^= 1;
        SegmentName another = segment(HISTORY, 2).name();
        SealedSegment stranger = segment("other", 0);
        assertEquals(ErrorKind.CORRUPT, refusal(() -> segments.putSegment(sealed.name(), damaged)));
        assertEquals(ErrorKind.CORRUPT, refusal(() -> segments.putSegment(another, sealed.bytes())));
        assertEquals(ErrorKind.INVALID, refusal(() -> segments.putSegment(stranger)));
        assertEquals(List.of(), store.keys());

        segments.putSegment(sealed);
        store.flip(sealed.name().key(), 50, 4);
        store.handOutDamage(true);
        assertEquals(ErrorKind.CORRUPT, refusal(() -> segments.getSegment(sealed.name())));
    }

    @Test
    void whenTheStoreIsAwayHealthSaysSo() {
        SimulatedObjectStore store = new SimulatedObjectStore();
        store.available(false);
        assertEquals(ErrorKind.UNAVAILABLE, refusal(new SegmentStore(store, HISTORY)::healthCheck));
    }

    private static ErrorKind refusal(Runnable asked) {
        return assertThrows(TidemarkException.class, asked::run).kind();
    }
}
