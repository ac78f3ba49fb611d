package io.tidemark.shipper.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.shipper.manifest.Manifest;
import io.tidemark.shipper.segment.SegmentName;
import io.tidemark.shipper.store.SimulatedObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class LogObjectsTest {
    private final SimulatedObjectStore store = new SimulatedObjectStore();

    private String put(String key) {
        store.putIfAbsent(key, new byte[] {1});
        return key;
    }

    private String segment(long first, long last) {
        return put(new SegmentName("h", first, last).key());
    }

    @Test
    void ofALongHistoryOnlyWhatOverlapsIsHeld() {
        int segments = 5_000;
        for (int i = 0; i < segments; i++) {
            segment(10L * i, 10L * i + 9);
            put(Manifest.key("h", 10L * i + 9, 0));
            if (i % 100 == 0) {
                segment(10L * i, 10L * i + 14); // another leader's
            }
        }
        LogObjects log = new LogObjects(store, "h");
        int named = 0;
        long last = -1;
        while (log.hasNext()) {
            LogObjects.Ended ended = log.next();
            assertTrue(ended.lsn() > last);
            last = ended.lsn();
            named += !ended.segments().isEmpty() && !ended.manifests().isEmpty() ? 1 : 0;
            assertTrue(log.held() <= 2, log.held() + " held at " + last);
        }
        assertEquals(segments, named);
    }

    @Test
    void allThatEndsAtAnLsnComesTogetherInWhateverPagesItIsListed() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            store.keys().forEach(store::lose);
            store.pageKeys(1 + random.nextInt(7));
            TreeMap<Long, TreeSet<String>> expected = new TreeMap<>();
            for (int left = random.nextInt(40); left > 0; left--) {
                long first = random.nextInt(30);
                long last = first + random.nextInt(20);
                boolean isManifest = random.nextBoolean();
                String key = isManifest ? put(Manifest.key("h", last, random.nextInt(3))) : segment(first, last);
                expected.computeIfAbsent(last, l -> new TreeSet<>()).add(key);
            }
            put("h/log/notes.txt");
            put("h/manifest/notes.txt");
            TreeMap<Long, TreeSet<String>> found = new TreeMap<>();
            new LogObjects(store, "h").forEachRemaining(ended -> found.put(ended.lsn(), keys(ended)));
            assertEquals(expected, found, "seed " + seed);
        }
    }

    private static TreeSet<String> keys(LogObjects.Ended ended) {
        List<String> keys = new ArrayList<>();
        ended.segments().forEach(segment -> keys.add(segment.object().key()));
        ended.manifests().forEach(manifest -> keys.add(manifest.key()));
        return new TreeSet<>(keys);
    }
}
