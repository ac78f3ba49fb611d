package io.tidemark.shipper.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.shipper.manifest.HistoryRecord;
import io.tidemark.shipper.manifest.Manifest;
import io.tidemark.shipper.segment.Entries;
import io.tidemark.shipper.segment.SealedSegment;
import io.tidemark.shipper.store.SimulatedObjectStore;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class HistoryReaderTest {
    private final SimulatedObjectStore store = new SimulatedObjectStore();
    private final HistoryReader reader = new HistoryReader(store);

    private void history(String id, String parent, long fork) {
        HistoryRecord record = new HistoryRecord(id, parent, fork, id, 0);
        store.putIfAbsent(record.key(), record.encode());
    }

    private void segment(String history, long first, long last) {
        LogEntry[] entries = LongStream.rangeClosed(first, last)
                .mapToObj(lsn -> Entries.put(lsn, 1, 5))
                .toArray(LogEntry[]::new);
        SealedSegment sealed = Entries.segment(history, 0, entries);
        store.putIfAbsent(sealed.name().key(), sealed.bytes());
    }

    private void manifest(String history, long mark, long n) {
        Manifest manifest = new Manifest(history, mark, n, Entries.position(0), null, -1, 0);
        store.putIfAbsent(manifest.key(), manifest.encode());
    }

    private List<String> covering(String history, long after, long through) {
        return reader.covering(history, after, through).stream()
                .map(p -> p.segment().history() + " " + p.segment().first() + "-"
                        + p.segment().last() + ": " + p.from() + "-" + p.to())
                .toList();
    }

    @Test
    void x2_anySetThatCoversWithoutAGapIsRight() {
        history("h", "", -1);
        segment("h", 0, 4);
        segment("h", 3, 9);
        segment("h", 5, 6);
        segment("h", 10, 12);
        segment("h", 7, 11);

        assertEquals(List.of("h 0-4: 0-4", "h 3-9: 5-9", "h 10-12: 10-12"), covering("h", -1, 12));
        assertEquals(List.of("h 10-12: 10-12"), covering("h", 9, 12));
        assertEquals(List.of("h 7-11: 8-8"), covering("h", 7, 8), "a start within segments");
        assertEquals(List.of(), covering("h", 12, 12));
    }

    @Test
    void aGapIsNamedByTheFirstLsnThatNoSegmentHolds() {
        history("h", "", -1);
        segment("h", 0, 4);
        segment("h", 6, 9);
        TidemarkException gap = assertThrows(TidemarkException.class, () -> reader.covering("h", -1, 9));
        assertEquals(ErrorKind.NOT_FOUND, gap.kind());
        assertTrue(gap.getMessage().contains("no segment holds LSN 5"), gap.getMessage());
        assertTrue(assertThrows(TidemarkException.class, () -> reader.covering("h", 5, 12))
                .getMessage()
                .contains("no segment holds LSN 10"));
    }

    @Test
    void h1_aHistorySeesItsAncestorsUpToEachForkOnly() {
        history("a", "", -1);
        history("b", "a", 6);
        history("c", "b", 8);
        segment("a", 0, 9);
        segment("b", 7, 12);
        segment("c", 9, 10);

        assertEquals(List.of("a 0-9: 0-6", "b 7-12: 7-8", "c 9-10: 9-10"), covering("c", -1, 10));
        assertEquals(List.of("b 7-12: 8-8", "c 9-10: 9-9"), covering("c", 7, 9));
        assertEquals(List.of("a 0-9: 3-5"), covering("c", 2, 5));
        assertEquals(List.of("a", "b", "c"), reader.histories());
    }

    /** Who was restored below its parent's own fork was served its grandparent's entries in the place of its own. */
    @Test
    void h1_aForkBelowItsParentsForkSeesItsGrandparentUpToItsOwnForkOnly() {
        history("a", "", -1);
        history("b", "a", 6);
        history("c", "b", 4);
        history("d", "c", 4);
        segment("a", 0, 9);
        segment("b", 7, 12);
        segment("c", 5, 10);
        segment("d", 5, 7);

        assertEquals(List.of("a 0-9: 0-4", "c 5-10: 5-10"), covering("c", -1, 10));
        assertEquals(List.of("c 5-10: 6-8"), covering("c", 5, 8));
        assertEquals(List.of("a 0-9: 3-4", "d 5-7: 5-7"), covering("d", 2, 7));
    }

    @Test
    void x2_theNewestManifestIsLastInOrderWhateverWasPutLast() {
        history("h", "", -1);
        assertTrue(reader.newestManifest("h").isEmpty());
        manifest("h", 10, 0);
        manifest("h", 10, 1);
        manifest("h", 9, 7);

        assertEquals(
                Manifest.key("h", 10, 1),
                reader.newestManifest("h").orElseThrow().key());
        assertEquals(10, reader.newestManifestFrom("h", 10).orElseThrow().mark());
        assertTrue(reader.newestManifestFrom("h", 11).isEmpty());
    }

    /** Of a manifest a second a restore would list all, and hold them in memory. */
    @Test
    void theNewestOfManyManifestsTakesAFewPagesOfListings() {
        store.pageKeys(4);
        int manifests = 3_000;
        for (int i = 0; i < manifests; i++) {
            store.putIfAbsent(Manifest.key("h", 7L * i, 0), new byte[] {1});
        }
        manifest("h", 7L * manifests, 0);
        int before = store.requests();

        assertEquals(7L * manifests, reader.newestMark("h").orElseThrow());

        int requests = store.requests() - before;
        assertTrue(requests <= 30, requests + " of " + manifests / 4 + " pages");
        assertEquals(7L * manifests, reader.newestManifest("h").orElseThrow().mark());
        assertTrue(reader.newestManifestFrom("h", 7L * manifests + 1).isEmpty());

        store.hide(Manifest.key("h", 7L * manifests, 0));
        assertEquals(
                ErrorKind.RETRY,
                assertThrows(TidemarkException.class, () -> reader.newestManifest("h"))
                        .kind(),
                "an older one is never taken for the newest");
    }

    @Test
    void theNewestManifestIsFoundWhateverMarksThereAreAndWhateverElseIsListed() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            SimulatedObjectStore some = new SimulatedObjectStore();
            some.pageKeys(1 + random.nextInt(5));
            long newest = -1;
            long mark = random.nextInt(3);
            for (int left = random.nextInt(60); left > 0; left--) {
                mark += random.nextInt(5) == 0 ? (long) Math.pow(10, random.nextInt(15)) : random.nextInt(3);
                boolean isManifest = random.nextInt(4) > 0;
                String key = Manifest.key("h", mark, random.nextInt(9));
                some.putIfAbsent(isManifest ? key : key.replace(".json", ".tmp"), new byte[] {1});
                newest = isManifest ? mark : newest;
            }
            some.putIfAbsent("h/pages/x", new byte[] {1});
            assertEquals(newest, new HistoryReader(some).newestMark("h").orElse(-1), "seed " + seed);
        }
    }

    @Test
    void whatCoversTheBeginningOfALongHistoryIsFoundInItsFirstPage() {
        history("h", "", -1);
        store.pageKeys(3);
        for (int i = 0; i < 50; i++) {
            segment("h", 2L * i, 2L * i + 1);
        }
        int before = store.requests();
        assertEquals(List.of("h 0-1: 0-1", "h 2-3: 2-2"), covering("h", -1, 2));
        assertEquals(before + 2, store.requests(), "the history's record, and a page");
        assertEquals(50, covering("h", -1, 99).size());
    }

    @Test
    void aHistoryThatIsItsOwnAncestorOrNotThereIsAnError() {
        history("a", "b", 3);
        history("b", "a", 3);
        assertEquals(
                ErrorKind.CORRUPT,
                assertThrows(TidemarkException.class, () -> reader.lineage("a")).kind());
        assertEquals(
                ErrorKind.NOT_FOUND,
                assertThrows(TidemarkException.class, () -> reader.lineage("z")).kind());
    }
}
