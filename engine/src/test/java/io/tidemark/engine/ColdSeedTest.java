package io.tidemark.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.CrashMode;
import io.tidemark.engine.io.SimulatedDisk;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.store.FilePageStore;
import io.tidemark.engine.store.MemoryColdPages;
import io.tidemark.engine.store.PageTable.Row;
import io.tidemark.engine.store.SimulatedPageTable;
import io.tidemark.engine.wal.FileWriteAheadLog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Stores that begin with every page elsewhere. */
class ColdSeedTest {
    private static final int KEYS = 240;
    private static final EngineFiles FILES = new EngineFiles(Path.of("/node/engine"));

    /** One that was there before, whose pages the checkpoint has. */
    private final ColdRig before = new ColdRig(EngineRig.options(64, 160));

    private final MemoryColdPages cold = before.cold.another();
    private SimulatedDisk disk = new SimulatedDisk();
    private FilePageStore store;
    private Checkpoint origin;
    private StoreSeed.State state;

    /** A checkpoint that the log does not know yet, with pages of some depth. */
    private void checkpoint() {
        before.fill(KEYS, 100);
        before.apply(new Operation.OpenSession());
        before.ship();
        before.fill(KEYS / 2, 60);
        StorageEngine.State now = before.engine.state();
        try (PageCut cut = before.engine.cut(-1, CutPages.scratch())) {
            cut.forEachChanged(before.cold::add);
            state = new StoreSeed.State(now.applied(), now.term(), now.redoChain(), 1024, cut.pageIds());
        }
        origin = new Checkpoint(
                now.applied(), now.checkpoint().lsn(), now.term(), now.redoChain(), "root", 1, "00".repeat(32));
    }

    private ColdSeed begin() {
        return ColdSeed.begin(
                disk,
                FILES.directory(),
                state,
                origin,
                cold,
                files -> new SimulatedPageTable(disk, files.table(), Halt.THROW),
                Halt.THROW);
    }

    private void seed() {
        disk.createDirectories(FILES.directory().getParent());
        try (ColdSeed seed = begin()) {
            List<Row> rows = cold.rows(state.lsn(), state.pageIds());
            seed.add(rows.subList(0, rows.size() / 2));
            seed.add(rows.subList(rows.size() / 2, rows.size()));
            seed.finish();
        }
    }

    private Engine open() {
        return open(before.options);
    }

    private Engine open(EngineOptions options) {
        disk.createDirectories(FILES.directory());
        store = new FilePageStore(
                disk,
                FILES.pages(),
                new FilePageStore.Options(1024, 8),
                new SimulatedPageTable(disk, FILES.table(), Halt.THROW),
                cold,
                Halt.THROW);
        FileWriteAheadLog wal = new FileWriteAheadLog(disk, FILES.wal(), options.walFileBytes(), Halt.THROW);
        return Engine.open(new Engine.Parts(store, wal, new MetricRegistry(), Halt.THROW), options);
    }

    private static TreeMap<String, String> rows(Engine engine) {
        TreeMap<String, String> rows = new TreeMap<>();
        engine.scan(EngineRig.SPACE, null, null, Integer.MAX_VALUE, Long.MAX_VALUE)
                .rows()
                .forEach(row -> rows.put(EngineRig.text(row.key()), EngineRig.text(row.value())));
        return rows;
    }

    @Test
    void ct5_aStoreBeginsWithNextToNoPagesAndReadsWhatIsAskedFor() {
        checkpoint();
        seed();
        cold.away = true;
        Engine engine = open();
        assertTrue(store.localPages() < state.pageIds() / 4, store.localPages() + " pages are here");
        assertEquals(before.engine.state().redoChain(), engine.state().redoChain());
        assertEquals(before.engine.state().retention(), engine.state().retention());
        cold.away = false;
        cold.asked.clear();

        String key = ColdRig.key(17);
        assertEquals(
                before.model.get(key),
                EngineRig.text(engine.get(EngineRig.SPACE, EngineRig.bytes(key))
                        .orElseThrow()
                        .value()));
        assertTrue(cold.asked.size() < 5, "one read fetched " + cold.asked);
        assertEquals(before.model, rows(engine));
        engine.inspection().checkStructure();
        assertEquals(CutPages.now(before.engine), CutPages.now(engine));
        engine.close();
    }

    @Test
    void ct5_whatWasFetchedStaysWithoutABudget() {
        checkpoint();
        seed();
        Engine engine = open();
        engine.get(EngineRig.SPACE, EngineRig.bytes(ColdRig.key(17)));
        engine.hotTier().step();
        engine.close();
        cold.away = true;
        engine = open();
        assertTrue(engine.get(EngineRig.SPACE, EngineRig.bytes(ColdRig.key(17))).isPresent());
        TidemarkException found = assertThrows(
                TidemarkException.class, () -> open().get(EngineRig.SPACE, EngineRig.bytes(ColdRig.key(150))));
        assertEquals(ErrorKind.UNAVAILABLE, found.kind());
    }

    /** The log tells of the checkpoint only after its LSN, and of those before; until then the origin has the pages. */
    @Test
    void ct5_theCatalogMovesOnlyByWhatTheLogTells() {
        checkpoint();
        seed();
        Engine engine = open();
        assertEquals(origin.base(), engine.state().checkpoint().lsn());
        List<LogEntry> after = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            after.add(EngineRig.entry(state.lsn() + 1 + i, List.of(EngineRig.put(ColdRig.key(i * 3), "after " + i))));
        }
        for (LogEntry entry : after) {
            before.engine.apply(entry);
            engine.apply(entry);
            if (entry.lsn() % 7 == 0) {
                engine.abandon();
                engine = open();
                long applied = engine.state().applied();
                for (LogEntry again : after.subList(0, (int) (entry.lsn() - state.lsn()))) {
                    assertTrue(again.lsn() > applied || engine.apply(again).isEmpty());
                    engine.apply(again);
                }
            }
        }
        assertEquals(CutPages.now(before.engine), CutPages.now(engine));
        engine.close();
    }

    @Test
    void ct5_theLeavesOfComingEntriesComeTogetherAndByOneFlush() {
        checkpoint();
        seed();
        Engine engine = open();
        List<Command> commands = new ArrayList<>();
        for (int i = 0; i < KEYS; i += 2) {
            commands.add(Command.of(EngineRig.put(ColdRig.key(i), "new")));
        }
        cold.reads = 0;
        engine.bringToDisk(commands);
        assertTrue(cold.reads < 8, cold.reads + " reads");
        cold.away = true;
        for (int i = 0; i < KEYS; i += 2) {
            engine.apply(EngineRig.entry(state.lsn() + 1 + i / 2, List.of(EngineRig.put(ColdRig.key(i), "new"))));
        }
        assertEquals(
                "new",
                EngineRig.text(engine.get(EngineRig.SPACE, EngineRig.bytes(ColdRig.key(4)))
                        .orElseThrow()
                        .value()));
        engine.close();
    }

    @Test
    void ct5_aStoreThatIsThrownAwayThenDoesNotWaitForAPage() {
        checkpoint();
        seed();
        cold.isAwaited = false;
        Engine engine = open();
        cold.away = true;
        assertThrows(
                TidemarkException.class,
                () -> engine.apply(EngineRig.entry(state.lsn() + 1, List.of(EngineRig.put(ColdRig.key(100), "new")))));
        engine.close();
    }

    @Test
    void ct5_theRestComesInTheBackgroundInnerPagesFirst() {
        checkpoint();
        seed();
        Engine engine = open();
        long begun = store.localPages();
        assertTrue(engine.fill(4 << 10) > 0);
        long inner = store.localPages() - begun;
        assertTrue(inner > 0 && inner < 10, inner + " inner pages");
        cold.away = true;
        TidemarkException found = assertThrows(TidemarkException.class, () -> engine.fill(4 << 10));
        assertEquals(ErrorKind.UNAVAILABLE, found.kind());
        cold.away = false;
        engine.apply(EngineRig.entry(state.lsn() + 1, List.of(EngineRig.put(ColdRig.key(100), "meanwhile"))));
        while (engine.fill(4 << 10) > 0) {
            assertTrue(store.coldPages() >= 0);
        }
        assertEquals(0, store.coldPages());
        cold.away = true;
        before.model.put(ColdRig.key(100), "meanwhile");
        assertEquals(before.model, rows(engine));
        engine.inspection().checkStructure();
        engine.close();
    }

    /** What leaves does not come back by itself, and what comes does not make others leave. */
    @Test
    void ct5_fillingAndLeavingDoNotUndoEachOther() {
        checkpoint();
        seed();
        long budget = state.pageIds() * 2 / 3;
        Engine engine =
                open(before.options.toBuilder().hotTierBytes(budget * 1024).build());
        while (engine.fill(1 << 20) > 0) {
            assertTrue(store.slotsInUse() <= budget - budget / 8, store.slotsInUse() + " of " + budget);
        }
        assertTrue(store.slotsInUse() > budget / 2, store.slotsInUse() + " of " + budget);
        engine.apply(EngineRig.entry(state.lsn() + 1, tells(engine)));
        assertEquals(origin, engine.state().checkpoint());
        engine.requestSync().join();
        engine.hotTier().step();
        assertEquals(0, store.coldCounts().evicted());
        for (int i = 0; i < KEYS; i++) {
            engine.apply(EngineRig.entry(
                    state.lsn() + 2 + i, List.of(EngineRig.put("new" + ColdRig.key(i), "v".repeat(100)))));
        }
        engine.requestSync().join();
        engine.checkpoint();
        for (int i = 0; i < 20; i++) {
            engine.hotTier().step();
            assertEquals(0, engine.fill(1 << 20));
        }
        assertTrue(store.coldCounts().evicted() > 0);
        engine.close();
    }

    /** What the log says of the checkpoint that the store began with. */
    private List<Operation> tells(Engine engine) {
        long shipped = engine.state().shipped();
        return List.of(
                new Operation.AdvanceHighWater(shipped + 1, state.lsn(), "segment", 1, new byte[32], 1),
                new Operation.CheckpointShipped(
                        origin.base(), origin.lsn(), origin.term(), origin.redoChain(), "root", 1, new byte[32]));
    }

    /** Whatever the seeding is cut off in: there is no store, or a whole one that asks nobody to start. */
    @Test
    void ct5_aSeedThatIsCutOffIsNoStore() {
        checkpoint();
        Random random = new Random(5);
        List<SimulatedDisk> images = new ArrayList<>();
        disk.beforeOperation(operation -> {
            for (CrashMode mode : CrashMode.values()) {
                images.add(disk.crashImage(mode, random));
            }
        });
        seed();
        images.add(disk.crashImage(CrashMode.NONE, random));
        int whole = 0;
        for (SimulatedDisk image : images) {
            disk = image;
            cold.away = false;
            boolean isThere = !disk.list(FILES.directory()).isEmpty();
            if (!isThere) {
                seed();
            }
            whole += isThere ? 1 : 0;
            cold.away = true;
            Engine engine = open();
            assertEquals(state.lsn(), engine.state().applied());
            cold.away = false;
            assertEquals(before.model, rows(engine));
            engine.abandon();
        }
        assertTrue(images.size() > 30 && whole > 0, images.size() + " images, " + whole + " with a store");
    }

    @Test
    void p1_aSeedWithoutOneOfItsRowsNeverTakesItsPlace() {
        checkpoint();
        disk.createDirectories(FILES.directory().getParent());
        List<Row> rows = cold.rows(state.lsn(), state.pageIds());
        try (ColdSeed seed = begin()) {
            seed.add(rows.subList(0, rows.size() - 1));
            TidemarkException found = assertThrows(TidemarkException.class, seed::finish);
            assertEquals(ErrorKind.CORRUPT, found.kind());
            assertThrows(TidemarkException.class, () -> seed.add(List.of(rows.get(0))), "twice");
        }
        assertEquals(List.of(), disk.list(FILES.directory()));
    }
}
