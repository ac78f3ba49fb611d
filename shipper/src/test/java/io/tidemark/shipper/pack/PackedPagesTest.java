package io.tidemark.shipper.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.store.PageImage;
import io.tidemark.engine.store.PageTable.Row;
import io.tidemark.shipper.store.SimulatedObjectStore;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PackedPagesTest {
    private final ModelCheckpoints model = new ModelCheckpoints(new SimulatedObjectStore());
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong floor = new AtomicLong(-1);
    private final PackedPages pages = new PackedPages(model.store(), nanos::get, floor::get);

    private Checkpoint newest() {
        PageDirectory made = model.newest();
        String key = made.name().key();
        return new Checkpoint(made.root().lsn(), -1, 1, 0, key, 1, model.sha256(made.name()));
    }

    private Row row(long id) {
        PageImage image = model.expected(id);
        return new Row(id, Row.EVICTED, image.pageLsn(), image.crc());
    }

    private List<Row> rows(long from, long to) {
        return LongStream.range(from, to).mapToObj(this::row).toList();
    }

    @Test
    void ct4_aPageTakesOneReadOnceRootAndPartAreKnown() {
        model.fill(60, 2500);
        pages.fetchWith(newest(), row(3), List.of());
        int before = model.store().requests();
        assertEquals(List.of(model.expected(700)), pages.fetchWith(newest(), row(700), List.of()));
        assertEquals(before + 1, model.store().requests());
    }

    @Test
    void neighboursInOnePackComeByOneRead() {
        model.fill(60, 2500);
        pages.listed(newest(), rows(80, 120));
        int before = model.store().requests();
        List<PageImage> found = pages.fetchWith(newest(), row(80), rows(81, 130));
        assertEquals(before + 1, model.store().requests());
        assertEquals(LongStream.range(80, 120).boxed().collect(Collectors.toSet()), ids(found), "a pack has 40 pages");
        assertTrue(found.contains(model.expected(80)));
    }

    private static Set<Long> ids(List<PageImage> images) {
        return images.stream().map(PageImage::pageId).collect(Collectors.toSet());
    }

    @Test
    void pagesThatAreWantedTogetherAreAllThere() {
        model.fill(60, 2500);
        model.checkpoint(70, 5, 1200, 2400);
        List<Row> wanted = List.of(row(5), row(6), row(1200), row(2400), row(2499));
        assertEquals(Set.of(5L, 6L, 1200L, 2400L, 2499L), ids(pages.fetch(newest(), wanted)));
    }

    /** The next checkpoint shares the parts without a change, and so the memory of them. */
    @Test
    void ct4_aNewCheckpointTakesItsRootAndWhatChanged() {
        model.fill(60, 2500);
        pages.listed(newest(), List.of(row(1), row(1500), row(2400)));
        model.checkpoint(70, 1500);
        Checkpoint next = newest();
        int before = model.store().requests();
        assertEquals(2, pages.listed(next, List.of(row(1), row(2400))).size());
        assertEquals(before + 1, model.store().requests());
    }

    @Test
    void p2_onlyExactlyWhatTheDirectoryHasIsListed() {
        model.fill(60, 100);
        Row good = row(7);
        List<Row> asked = List.of(
                good, new Row(8, 1, 61, row(8).crc()), new Row(9, 1, 60, row(9).crc() ^ 1), new Row(100, 1, 60, 0));
        assertEquals(List.of(good), pages.listed(newest(), asked));
    }

    @Test
    void p1_aRowThatTheDirectoryHasOtherwiseIsRefused() {
        model.fill(60, 100);
        Row other = new Row(8, Row.EVICTED, 59, row(8).crc());
        TidemarkException found =
                assertThrows(TidemarkException.class, () -> pages.fetchWith(newest(), other, List.of()));
        assertEquals(ErrorKind.CORRUPT, found.kind());
        Row beyond = new Row(100, Row.EVICTED, 60, 1);
        assertEquals(
                ErrorKind.CORRUPT,
                assertThrows(TidemarkException.class, () -> pages.fetch(newest(), List.of(beyond)))
                        .kind());
    }

    /** A pack that is not there is damage, unless the history is no longer kept from so far back. */
    @Test
    void ct6_whatIsMissingWasGivenUpOnlyIfTheFloorSaysSo() {
        model.fill(60, 100);
        Checkpoint old = newest();
        pages.listed(old, rows(0, 3));
        List.copyOf(model.store().keys()).stream()
                .filter(key -> !key.equals(old.directory()))
                .forEach(model.store()::lose);
        for (long kept : new long[] {-1, old.lsn()}) {
            floor.set(kept);
            assertEquals(
                    ErrorKind.CORRUPT,
                    assertThrows(TidemarkException.class, () -> pages.fetchWith(old, row(1), List.of()))
                            .kind());
        }
        floor.set(old.lsn() + 1);
        for (Runnable ask :
                List.<Runnable>of(() -> pages.fetchWith(old, row(1), List.of()), () -> pages.fetch(old, rows(0, 3)))) {
            assertEquals(
                    ErrorKind.NOT_FOUND,
                    assertThrows(TidemarkException.class, ask::run).kind());
        }
    }

    /** Whoever comes within the next second is told without a request; then one tries again. */
    @Test
    void aStoreThatIsAwaySaysSo() {
        model.fill(60, 100);
        model.store().available(false);
        askAll();
        int requests = model.store().requests();
        askAll();
        assertEquals(requests, model.store().requests());
        model.store().available(true);
        nanos.addAndGet(2_000_000_000L);
        assertEquals(3, pages.listed(newest(), rows(0, 3)).size());
        assertEquals(1, pages.fetchWith(newest(), row(1), List.of()).size());
    }

    private void askAll() {
        for (Runnable ask : List.<Runnable>of(
                () -> pages.fetch(newest(), rows(0, 3)),
                () -> pages.fetchWith(newest(), row(1), List.of()),
                () -> pages.listed(newest(), rows(0, 3)))) {
            assertEquals(
                    ErrorKind.UNAVAILABLE,
                    assertThrows(TidemarkException.class, ask::run).kind());
        }
    }
}
