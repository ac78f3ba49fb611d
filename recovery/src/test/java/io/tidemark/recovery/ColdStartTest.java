package io.tidemark.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.Engine;
import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.pace.Pace;
import io.tidemark.shipper.pack.PackName;
import io.tidemark.shipper.store.ObjectStore;
import io.tidemark.shipper.store.SimulatedObjectStore;
import io.tidemark.shipper.store.SlowS3;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stores that begin with every page in S3. */
class ColdStartTest {
    private static final String HISTORY = "11111111-0000-4000-8000-000000000001";
    private static final byte[] KEY = "key-0".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path directory;

    private int places;

    private StoreDirectory place(ObjectStore store) {
        return new ColdPlaces(store, ShippedEngine.SMALL).at(directory.resolve("place-" + places++));
    }

    /** Two checkpoints with work between and above; answers them. */
    private List<Checkpoint> history(ObjectStore store, int keys) {
        List<Checkpoint> checkpoints = new ArrayList<>();
        try (ShippedEngine engine = new ShippedEngine(directory.resolve("leader-" + places++), HISTORY, store)) {
            Random random = new Random(11);
            for (int key = 0; key < keys; key++) {
                engine.put("many-" + key, 800);
            }
            for (int round = 0; round < 2; round++) {
                engine.work(random, 150);
                checkpoints.add(engine.checkpoint());
            }
            engine.work(random, 60);
            engine.ship();
        }
        return checkpoints;
    }

    private Engine replayed(ObjectStore store, long lsn) {
        Engine engine = ShippedEngine.open(directory.resolve("replayed-" + places++));
        new Replay(new HistoryReader(store)).to(engine, HISTORY, lsn);
        return engine;
    }

    @Test
    void ct5_aStoreThatBeginsWithEveryPageInS3IsTheOneReplayedFromTheBeginning() {
        SimulatedObjectStore store = new SimulatedObjectStore();
        List<Checkpoint> checkpoints = history(store, 300);
        HistoryReader reader = new HistoryReader(store);
        long mark = reader.newestManifest(HISTORY).orElseThrow().mark();
        List<Long> targets = new ArrayList<>(List.of(mark));
        checkpoints.forEach(c -> targets.addAll(List.of(c.lsn(), c.lsn() + 7)));
        for (long target : targets) {
            StoreDirectory place = place(store);
            long loaded = new CheckpointLoad(reader).into(place, HISTORY, target);
            try (Engine engine = (Engine) place.open();
                    Engine other = replayed(store, target)) {
                assertEquals(loaded, engine.state().applied());
                assertTrue(engine.tier().coldPages() > 50, engine.tier() + " at the beginning");
                new Replay(reader).to(engine, HISTORY, target);
                assertEquals(target, engine.state().applied());
                assertEquals(other.state().redoChain(), engine.state().redoChain());
                assertEquals(other.state().terms(), engine.state().terms());
                assertEquals(other.state().checkpoint(), engine.state().checkpoint());
                assertEquals(other.contents().sha256(), engine.contents().sha256());
                engine.inspection().checkStructure();
            }
        }
    }

    /** Ended in the middle, with S3 away, it is where it was; the origin is known until the log has told of a later one. */
    @Test
    void ct5_itGoesOnFromWhereItWasAfterARestart() {
        SimulatedObjectStore store = new SimulatedObjectStore();
        List<Checkpoint> checkpoints = history(store, 300);
        HistoryReader reader = new HistoryReader(store);
        long mark = reader.newestManifest(HISTORY).orElseThrow().mark();
        StoreDirectory place = place(store);
        long first = checkpoints.get(0).lsn();
        new CheckpointLoad(reader).into(place, HISTORY, first);
        for (long target = first; target < mark; target += 25) {
            store.available(false);
            try (StorageEngine engine = place.open()) {
                assertTrue(engine.state().applied() >= first);
                store.available(true);
                new Replay(reader).to(engine, HISTORY, target);
            }
        }
        store.available(true);
        try (StorageEngine engine = place.open();
                Engine other = replayed(store, mark)) {
            new Replay(reader).to(engine, HISTORY, mark);
            assertEquals(checkpoints.get(1), engine.state().checkpoint());
            assertEquals(other.contents().sha256(), engine.contents().sha256());
        }
    }

    @Test
    void ct5_whatAViewFetchesDoesNotGrowWithTheData() {
        int small = requestsOfAFirstRead(100);
        int large = requestsOfAFirstRead(3_000);
        assertTrue(large <= small + 15, small + " requests for few pages, " + large + " for many");
    }

    private int requestsOfAFirstRead(int keys) {
        SimulatedObjectStore store = new SimulatedObjectStore();
        List<Checkpoint> checkpoints = history(store, keys);
        long lsn = checkpoints.get(1).lsn();
        int before = store.requests();
        try (View view = View.open(new HistoryReader(store), HISTORY, lsn, place(store), p -> {});
                Engine other = replayed(store.copy(), lsn)) {
            Optional<StorageEngine.Row> row = view.get("files", KEY);
            int requests = store.requests() - before;
            assertEquals(other.get("files", KEY).map(r -> r.version()), row.map(r -> r.version()));
            assertEquals(other.contents(), view.contents());
            return requests;
        }
    }

    @Test
    void ct5_aViewOverAnS3ThatTakes100MillisAndFailsOneInTen() {
        try (SlowS3 s3 = new SlowS3();
                ObjectStore store = s3.store()) {
            history(store, 400);
            HistoryReader reader = new HistoryReader(store);
            long mark = reader.newestManifest(HISTORY).orElseThrow().mark();
            try (Engine other = replayed(store, mark)) {
                s3.slow(100, 10);
                long begun = System.nanoTime();
                try (View view = View.open(reader, HISTORY, mark, place(store), p -> {})) {
                    assertEquals(
                            other.get("files", KEY).map(r -> r.version()),
                            view.get("files", KEY).map(r -> r.version()));
                    System.out.printf(
                            "first read of a view after %d ms and %d requests of 100 ms%n",
                            (System.nanoTime() - begun) / 1_000_000, s3.requests());
                    s3.slow(0, 10);
                    assertEquals(other.contents(), view.contents());
                }
            }
        }
    }

    @Test
    void ct5_allPagesComeInTheBackgroundWhileEntriesAreApplied() throws InterruptedException {
        SimulatedObjectStore store = new SimulatedObjectStore();
        List<Checkpoint> checkpoints = history(store, 600);
        HistoryReader reader = new HistoryReader(store);
        long mark = reader.newestManifest(HISTORY).orElseThrow().mark();
        StoreDirectory place = place(store);
        new CheckpointLoad(reader).into(place, HISTORY, checkpoints.get(0).lsn());
        try (StorageEngine engine = place.open();
                Engine other = replayed(store.copy(), mark)) {
            try (BackgroundFill fill = new BackgroundFill(engine, 1 << 20, Pace.system())) {
                new Replay(reader).to(engine, HISTORY, mark);
                fill.await();
                assertEquals(0, engine.tier().coldPages());
            }
            store.available(false);
            assertEquals(other.contents(), engine.contents());
        }
    }

    @Test
    void ct5_aReadIsRefusedByNameWhileS3IsAwayAndAnsweredLater() {
        SimulatedObjectStore store = new SimulatedObjectStore();
        List<Checkpoint> checkpoints = history(store, 300);
        long lsn = checkpoints.get(1).lsn();
        try (View view = View.open(new HistoryReader(store), HISTORY, lsn, place(store), p -> {})) {
            view.get("files", KEY);
            store.available(false);
            view.get("files", KEY);
            TidemarkException found = assertThrows(TidemarkException.class, view::contents);
            assertEquals(ErrorKind.UNAVAILABLE, found.kind());
            assertTrue(found.getMessage().contains("COLD_UNAVAILABLE"), found.getMessage());
        }
    }

    @Test
    void ct5_aRestoreBeginsWithItsPagesInS3AndItsHistoryIsWhole() {
        SimulatedObjectStore store = new SimulatedObjectStore();
        List<Checkpoint> checkpoints = history(store, 300);
        long mark =
                new HistoryReader(store).newestManifest(HISTORY).orElseThrow().mark();
        for (long lsn : List.of(checkpoints.get(0).lsn(), checkpoints.get(1).lsn() + 1, mark)) {
            StoreDirectory first = place(store);
            RestoreReport report = restore(store, first).run(Optional.of(HISTORY), Optional.of(lsn));
            StoreDirectory second = place(store);
            RestoreReport again = restore(store, second).run(Optional.of(report.history()), Optional.empty());
            assertEquals(Optional.empty(), report.contents());
            assertTrue(report.coldPages() > 50, report.toString());
            assertEquals(lsn, again.lsn());
            try (Engine other = replayed(store, lsn);
                    StorageEngine child = first.open();
                    StorageEngine grandchild = second.open()) {
                assertEquals(other.state().redoChain(), report.redoChain());
                assertEquals(other.contents(), child.contents());
                assertEquals(other.contents(), grandchild.contents());
            }
        }
    }

    @Test
    void l9_aRestoreWithALogChangesPagesThatAreInS3Alone() {
        SimulatedObjectStore store = new SimulatedObjectStore();
        try (ShippedEngine leader = new ShippedEngine(directory.resolve("leader"), HISTORY, store)) {
            for (int key = 0; key < 300; key++) {
                leader.put("many-" + key, 800);
            }
            leader.checkpoint();
            leader.ship();
            leader.work(new Random(12), 60);
            long end = leader.engine().state().applied();
            StoreDirectory place = place(store);
            RestoreReport report = restore(store, place).run(leader.survivor(0));
            assertEquals(end, report.lsn());
            assertTrue(report.beyond() > 0 && report.coldPages() > 50, report.toString());
            try (StorageEngine restored = place.open()) {
                assertEquals(leader.engine().contents(), restored.contents());
            }
        }
    }

    private static Restore restore(ObjectStore store, StoreDirectory place) {
        return new Restore(store, place, () -> UUID.randomUUID().toString(), Pace.system(), p -> {});
    }

    @Test
    void ct5_aDirectoryThatIsLostOrDamagedIsDoneWithoutAndAPageIsNamed() {
        SimulatedObjectStore store = new SimulatedObjectStore();
        history(store, 300);
        HistoryReader reader = new HistoryReader(store);
        long mark = reader.newestManifest(HISTORY).orElseThrow().mark();
        for (PackName.Kind kind : PackName.Kind.values()) {
            String key = store.keys().stream()
                    .filter(k -> PackName.parse(k).filter(n -> n.kind() == kind).isPresent())
                    .reduce((a, b) -> b)
                    .orElseThrow();
            SimulatedObjectStore damaged = store.copy();
            damaged.lose(key);
            try (View view = View.open(new HistoryReader(damaged), HISTORY, mark, place(damaged), p -> {});
                    Engine other = replayed(store, mark)) {
                assertEquals(other.contents(), view.contents());
            } catch (TidemarkException e) {
                assertEquals(PackName.Kind.PACK, kind, e.getMessage());
                assertTrue(e.getMessage().contains(key), e.getMessage());
            }
        }
    }
}
