package io.tidemark.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.SimulatedDisk;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.page.PageHeader;
import io.tidemark.engine.store.PageStore;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PageCutTest {
    private static final int ROWS = 300;

    private static EngineRig filled(EngineOptions options) {
        EngineRig rig = new EngineRig(options);
        for (int i = 0; i < ROWS; i++) {
            rig.apply(EngineRig.put("key" + i, EngineRig.value(i, 200)));
        }
        return rig;
    }

    private static void changeAll(EngineRig rig, int seed) {
        for (int i = 0; i < ROWS; i++) {
            rig.apply(EngineRig.put("key" + i, EngineRig.value(seed + i, 200)));
        }
    }

    @Test
    void ct2_aCutHoldsEveryPageAtItsLsnWhileWritesGoOn() {
        EngineRig rig = filled(EngineRig.options(64, 1000));
        EngineRig same = filled(EngineRig.options(64, 1000));
        try (PageCut cut = rig.engine.cut(-1, CutPages.scratch())) {
            changeAll(rig, 1000);

            TreeMap<Long, ByteBuffer> pages = CutPages.changed(cut);

            assertEquals(ROWS - 1, cut.lsn());
            assertEquals(cut.pageIds(), pages.size());
            assertEquals(CutPages.now(same.engine), pages);
        }
    }

    @Test
    void ct2_aCutOutlivesAMemoryThatHasNoRoomForOldVersions() {
        EngineRig rig = filled(EngineRig.small());
        EngineRig same = filled(EngineRig.small());
        try (PageCut cut = rig.engine.cut(-1, CutPages.scratch())) {
            changeAll(rig, 1000);
            changeAll(rig, 2000);

            assertEquals(CutPages.now(same.engine), CutPages.changed(cut));
            assertEquals(0, rig.counted("engine.snapshots.too.old"));
        }
    }

    @Test
    void ct2_anEntryOfMorePagesThanThereIsRoomForOldVersionsDoesNotEndACut() {
        EngineOptions noRoom =
                EngineRig.options(64, 128).toBuilder().snapshotBytes(0).build();
        EngineRig rig = filled(noRoom);
        EngineRig same = filled(noRoom);
        try (PageCut cut = rig.engine.cut(-1, CutPages.scratch())) {
            List<Operation.Put> puts = IntStream.range(0, 12)
                    .mapToObj(i -> EngineRig.put("key" + i * 20, EngineRig.value(5, 100)))
                    .toList();
            rig.apply(puts);
            changeAll(rig, 3000);

            assertEquals(CutPages.now(same.engine), CutPages.changed(cut));
        }
    }

    @Test
    void ct2_onlyWhatChangedSinceTheBaseIsInACut() {
        EngineRig rig = filled(EngineRig.small());
        long base = rig.engine.state().applied();
        TreeMap<Long, ByteBuffer> before = CutPages.now(rig.engine);
        rig.apply(EngineRig.put("key7", "another"));
        rig.apply(EngineRig.delete("key250"));

        TreeMap<Long, ByteBuffer> changed = CutPages.now(rig.engine, base);

        assertTrue(changed.size() < 12, changed.size() + " pages changed by two entries");
        changed.values().forEach(page -> assertTrue(PageHeader.lsn(page) > base));
        TreeMap<Long, ByteBuffer> together = new TreeMap<>(before);
        together.putAll(changed);
        assertEquals(CutPages.now(rig.engine), together);
        assertEquals(
                new TreeMap<>(), CutPages.now(rig.engine, rig.engine.state().applied()));
    }

    /** It has no row yet, memory has what came later, and what the cut is of is in the cut before. */
    @Test
    void ct2_aPageThatIsNotOnDiskYetMayChangeDuringACutThatDoesNotWantIt() {
        EngineRig rig = new EngineRig(EngineRig.options(64, 1000));
        for (int i = 10; i < 30; i++) {
            rig.apply(EngineRig.put("key" + i, EngineRig.value(i, 200)));
        }
        assertEquals(0, rig.store.pages());
        long base = rig.engine.state().applied();
        rig.apply(EngineRig.put("key29", "another"));
        TreeMap<Long, ByteBuffer> changed = CutPages.now(rig.engine, base);
        try (PageCut cut = rig.engine.cut(base, CutPages.scratch())) {
            rig.apply(EngineRig.put("key10", "another"));

            assertEquals(changed, CutPages.changed(cut));
        }
    }

    @Test
    void everyPageOfACutHasItsCrc() {
        CutPages.now(filled(EngineRig.small()).engine)
                .values()
                .forEach(page -> assertEquals(PageHeader.crc(page), PageHeader.storedCrc(page)));
    }

    @Test
    void anEmptyStoreHasAnEmptyCut() {
        EngineRig rig = new EngineRig(EngineRig.small());
        try (PageCut cut = rig.engine.cut(-1, CutPages.scratch())) {
            assertEquals(-1, cut.lsn());
            assertEquals(0, cut.pageIds());
            assertEquals(new TreeMap<>(), CutPages.changed(cut));
        }
    }

    @Test
    void aBasePastTheCutIsRefused() {
        EngineRig rig = filled(EngineRig.small());
        TidemarkException found = assertThrows(TidemarkException.class, () -> rig.engine.cut(ROWS, CutPages.scratch()));
        assertEquals(ErrorKind.INVALID, found.kind());
    }

    @Test
    void aScratchFileThatCannotBeWrittenCostsTheCutAndNotTheEngine() {
        SimulatedDisk disk = new SimulatedDisk();
        EngineRig rig = filled(EngineRig.small());
        try (PageCut cut = rig.engine.cut(-1, CutPages.scratch(disk))) {
            disk.capacity(0);
            changeAll(rig, 1000);
            changeAll(rig, 2000);

            TidemarkException found = assertThrows(TidemarkException.class, () -> CutPages.changed(cut));
            assertEquals(ErrorKind.SNAPSHOT_TOO_OLD, found.kind());
        }
        assertEquals(EngineRig.value(2007, 200), rig.get("key7"));
    }

    /** A page table that is closed under a thread that goes through it can end the process. */
    @Test
    void anEngineIsNotClosedWhileACutGoesThroughThePageTable() throws Exception {
        MemoryLog.Medium medium = new MemoryLog.Medium();
        MemoryPageStore memory = new MemoryPageStore(medium);
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        AtomicBoolean closed = new AtomicBoolean();
        PageStore slow = (PageStore) Proxy.newProxyInstance(
                PageStore.class.getClassLoader(), new Class<?>[] {PageStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("changedSince")) {
                        inside.countDown();
                        leave.await();
                    }
                    closed.compareAndSet(false, method.getName().equals("close"));
                    return method.invoke(memory, arguments);
                });
        Engine engine = Engine.open(
                new Engine.Parts(slow, new MemoryLog(medium), new MetricRegistry(), Halt.THROW), EngineRig.small());
        engine.apply(EngineRig.entry(0, List.of(EngineRig.put("key", "value"))));
        engine.apply(EngineRig.entry(1, List.of(EngineRig.put("key", "another"))));
        PageCut cut = engine.cut(0, CutPages.scratch());
        CompletableFuture<Integer> pages =
                CompletableFuture.supplyAsync(() -> CutPages.changed(cut).size(), EngineRig.THREADS);
        inside.await();
        CompletableFuture<Void> closing = CompletableFuture.runAsync(engine::close, EngineRig.THREADS);

        assertThrows(TimeoutException.class, () -> closing.get(200, TimeUnit.MILLISECONDS));
        assertFalse(closed.get());
        leave.countDown();
        closing.get(20, TimeUnit.SECONDS);
        assertThrows(ExecutionException.class, () -> pages.get(20, TimeUnit.SECONDS));
        assertTrue(closed.get());
    }

    @Test
    void aCutOfAClosedEngineIsRefused() {
        EngineRig rig = filled(EngineRig.small());
        PageCut cut = rig.engine.cut(-1, CutPages.scratch());
        rig.engine.close();
        TidemarkException found = assertThrows(TidemarkException.class, () -> CutPages.changed(cut));
        assertEquals(ErrorKind.UNAVAILABLE, found.kind());
        cut.close();
        cut.close();
    }
}
