package io.tidemark.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.Engine;
import io.tidemark.engine.PageCut;
import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.engine.StoreSeed;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.RealDisk;
import io.tidemark.engine.io.SimulatedDisk;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.pace.Pace;
import io.tidemark.shipper.pack.PackName;
import io.tidemark.shipper.pack.PageDirectory;
import io.tidemark.shipper.segment.SegmentName;
import io.tidemark.shipper.store.SimulatedObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointLoadTest {
    private static final String HISTORY = "11111111-0000-4000-8000-000000000001";

    @TempDir
    Path directory;

    private final SimulatedObjectStore store = new SimulatedObjectStore();
    private final HistoryReader reader = new HistoryReader(store);
    private int places;

    /** Three checkpoints with work between and above; answers them. */
    private List<Checkpoint> history() {
        List<Checkpoint> checkpoints = new ArrayList<>();
        try (ShippedEngine engine = new ShippedEngine(directory.resolve("leader"), HISTORY, store)) {
            Random random = new Random(11);
            for (int round = 0; round < 3; round++) {
                engine.work(random, 150);
                checkpoints.add(engine.checkpoint());
            }
            engine.work(random, 60);
            engine.ship();
        }
        return checkpoints;
    }

    private StoreDirectory place() {
        return new StoreDirectory(directory.resolve("place-" + places++), ShippedEngine::open);
    }

    /** Every page of the engine, by id. */
    private static TreeMap<Long, ByteBuffer> pages(StorageEngine engine) {
        TreeMap<Long, ByteBuffer> pages = new TreeMap<>();
        SimulatedDisk disk = new SimulatedDisk();
        try {
            disk.createDirectories(Path.of("/scratch"));
            try (PageCut cut = engine.cut(-1, disk.open(Path.of("/scratch/cut")))) {
                cut.forEachChanged(image -> {
                    byte[] copy = new byte[image.bytes().remaining()];
                    image.bytes().duplicate().get(copy);
                    pages.put(image.pageId(), ByteBuffer.wrap(copy));
                });
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return pages;
    }

    private Engine replayed(long lsn) {
        Engine engine = ShippedEngine.open(directory.resolve("replayed-" + places++));
        new Replay(reader).to(engine, HISTORY, lsn);
        return engine;
    }

    private static void assertSame(StorageEngine expected, StorageEngine found) {
        assertEquals(expected.state().redoChain(), found.state().redoChain());
        assertEquals(expected.state().terms(), found.state().terms());
        assertEquals(expected.state().checkpoint(), found.state().checkpoint());
        assertEquals(expected.state().shipped(), found.state().shipped());
        assertEquals(expected.state().configurationLsn(), found.state().configurationLsn());
        assertEquals(expected.contents().sha256(), found.contents().sha256());
        assertEquals(pages(expected), pages(found));
    }

    @Test
    void ct4_aStoreBroughtBackByACheckpointIsTheOneReplayedFromTheBeginning() {
        List<Checkpoint> checkpoints = history();
        long mark = reader.newestManifest(HISTORY).orElseThrow().mark();
        List<Long> targets = new ArrayList<>(List.of(checkpoints.get(0).lsn() - 1, mark));
        checkpoints.forEach(c -> targets.addAll(List.of(c.lsn(), c.lsn() + 7)));
        for (long target : targets) {
            StoreDirectory place = place();
            long expected = checkpoints.stream()
                    .mapToLong(Checkpoint::lsn)
                    .filter(lsn -> lsn <= target)
                    .max()
                    .orElse(-1);

            assertEquals(expected, new CheckpointLoad(reader).into(place, HISTORY, target), "loaded for " + target);

            try (StorageEngine engine = place.open();
                    Engine other = replayed(target)) {
                assertEquals(expected, engine.state().applied());
                new Replay(reader).to(engine, HISTORY, target);
                assertSame(other, engine);
                ((Engine) engine).inspection().checkStructure();
            }
        }
    }

    @Test
    void aRestoreReadsTheSegmentsAboveTheCheckpointAlone() {
        List<Checkpoint> checkpoints = history();
        long newest = checkpoints.get(2).lsn();
        store.keys().stream()
                .filter(key ->
                        SegmentName.parse(key).filter(n -> n.last() <= newest).isPresent())
                .forEach(store::lose);
        StoreDirectory place = place();

        RestoreReport report = new Restore(store, place, () -> UUID.randomUUID().toString(), Pace.system(), p -> {})
                .run(Optional.of(HISTORY), Optional.empty());

        assertEquals(reader.newestManifest(HISTORY).orElseThrow().mark(), report.lsn());
        assertEquals(report.lsn() - newest, report.entries());
        assertEquals(
                checkpoints.get(2),
                reader.newestManifest(report.history()).orElseThrow().checkpoint());
    }

    @Test
    void ct2_aRestoredHistoryGoesOnFromItsParentsCheckpoints() {
        history();
        StoreDirectory place = place();
        RestoreReport report = new Restore(store, place, () -> UUID.randomUUID().toString(), Pace.system(), p -> {})
                .run(Optional.of(HISTORY), Optional.empty());
        Checkpoint own;
        try (ShippedEngine child = new ShippedEngine(place.directory(), report.history(), store)) {
            child.work(new Random(5), 120);
            own = child.checkpoint();
            child.work(new Random(6), 20);
            child.ship();
            assertTrue(own.directory().startsWith(report.history()));
            assertTrue(own.base() <= report.fork() && own.base() >= 0);
        }
        StoreDirectory again = place();
        long mark = reader.newestManifest(report.history()).orElseThrow().mark();
        assertEquals(own.lsn(), new CheckpointLoad(reader).into(again, report.history(), mark));
        try (StorageEngine engine = again.open()) {
            new Replay(reader).to(engine, report.history(), mark);
        }
        assertTrue(new VerifyHistory(store, p -> {}).objects(report.history()).sound());
    }

    @Test
    void aCheckpointThatIsLostOrDamagedIsNamedByVerifyAndRestoreReplaysAllSegments() {
        history();
        long mark = reader.newestManifest(HISTORY).orElseThrow().mark();
        assertTrue(new VerifyHistory(store, p -> {}).objects(HISTORY).sound());
        for (PackName.Kind kind : PackName.Kind.values()) {
            String key = store.keys().stream()
                    .filter(k -> PackName.parse(k).filter(n -> n.kind() == kind).isPresent())
                    .reduce((a, b) -> b)
                    .orElseThrow();
            int middle = store.peek(key).length / 2;
            store.flip(key, middle, 1);

            VerifyReport report = new VerifyHistory(store, p -> {}).objects(HISTORY);
            assertTrue(report.problems().stream().anyMatch(p -> p.contains(key)), kind + ": " + report.problems());
            StoreDirectory place = place();
            new CheckpointLoad(reader).into(place, HISTORY, mark);
            try (StorageEngine engine = place.open();
                    Engine other = replayed(mark)) {
                new Replay(reader).to(engine, HISTORY, mark);
                assertSame(other, engine);
            }
            store.flip(key, middle, 1);
        }
        assertTrue(new VerifyHistory(store, p -> {}).objects(HISTORY).sound());
    }

    @Test
    void ct2_verifyProvesThatTheEntriesGiveThePagesOfTheNewestCheckpoint() {
        List<Checkpoint> checkpoints = history();
        VerifyReport report = new VerifyHistory(store, p -> {})
                .replaying(
                        HISTORY, Optional.empty(), () -> ShippedEngine.open(directory.resolve("scratch-" + places++)));
        assertEquals(List.of(), report.problems());
        assertEquals(3, report.checkpoints());

        PageDirectory first =
                reader.checkpoint(HISTORY, checkpoints.get(0).lsn()).orElseThrow();
        try (Engine same = replayed(checkpoints.get(0).lsn());
                Engine later = replayed(checkpoints.get(0).lsn() + 1)) {
            assertEquals(List.of(), CheckpointProof.differences(same, first));
            assertTrue(!CheckpointProof.differences(later, first).isEmpty());
        }
    }

    @Test
    void aLoadThatS3BreaksOffLeavesNothingAndIsDoneAgain() {
        List<Checkpoint> checkpoints = history();
        StoreDirectory place = place();
        store.available(false);
        TidemarkException found = assertThrows(
                TidemarkException.class, () -> new CheckpointLoad(reader).into(place, HISTORY, Long.MAX_VALUE));
        assertEquals(ErrorKind.UNAVAILABLE, found.kind());
        store.available(true);

        assertEquals(checkpoints.get(2).lsn(), new CheckpointLoad(reader).into(place, HISTORY, Long.MAX_VALUE));
        assertEquals(-1, new CheckpointLoad(reader).into(place, HISTORY, Long.MAX_VALUE), "it is taken");
    }

    @Test
    void p1_aStoreWithoutOneOfItsPagesNeverTakesItsPlace() {
        history();
        var directoryOfPages = reader.checkpoint(HISTORY, Long.MAX_VALUE).orElseThrow();
        var root = directoryOfPages.root();
        Path place = directory.resolve("half");
        StoreSeed.State state =
                new StoreSeed.State(root.lsn(), root.term(), root.redoChain(), root.pageBytes(), root.pageIds());
        try (StoreSeed seed = StoreSeed.begin(new RealDisk(), place, state, Halt.THROW)) {
            seed.add(List.of(directoryOfPages.image(0), directoryOfPages.image(2)));
            TidemarkException found = assertThrows(TidemarkException.class, seed::finish);
            assertTrue(found.getMessage().contains("page 1 of"), found.getMessage());
            assertThrows(TidemarkException.class, () -> seed.add(List.of(directoryOfPages.image(2))), "twice");
        }
        try (StorageEngine engine = ShippedEngine.open(place)) {
            assertEquals(-1, engine.state().applied());
        }
    }
}
