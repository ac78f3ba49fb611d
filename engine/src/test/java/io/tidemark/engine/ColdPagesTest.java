package io.tidemark.engine;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.buffer.Backoff;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.CrashMode;
import io.tidemark.engine.io.SimulatedDisk.Failing;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Reply;
import io.tidemark.engine.store.ColdPageException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pages leave the local disk and come back when they are asked for. */
class ColdPagesTest {
    private static final int KEYS = 240;

    private final ColdRig rig = new ColdRig(EngineRig.options(64, 160));

    /** All leaves are in the checkpoint alone, and not in memory. */
    private void allCold() {
        rig.fill(KEYS, 100);
        rig.ship();
        rig.engine.requestSync().join();
        assertTrue(rig.evictAll() > 20, () -> rig.store.coldPages() + " pages left");
        restart();
    }

    private void restart() {
        rig.engine.close();
        rig.open();
        rig.cold.asked.clear();
    }

    @Test
    void whatHasLeftIsReadFromTheCheckpointAndComesBack() {
        allCold();
        long local = rig.store.localPages();
        assertEquals(rig.model.get(ColdRig.key(17)), rig.get(ColdRig.key(17)));
        assertEquals(1, rig.cold.asked.size());
        rig.engine.hotTier().step();
        assertEquals(local + 1, rig.store.localPages());
        assertEquals(rig.model, rig.rows());
        assertEquals(rig.engine.inspection().checkStructure().problems(), List.of());
    }

    @Test
    void aValueReadIntoMemoryOfTheCallersIsFetchedToo() {
        allCold();
        ByteBuffer target = ByteBuffer.allocate(200);
        int length = rig.engine.getInto(EngineRig.SPACE, EngineRig.bytes(ColdRig.key(17)), target);
        assertEquals(rig.model.get(ColdRig.key(17)), EngineRig.text(Arrays.copyOf(target.array(), length)));
        assertEquals(1, rig.cold.asked.size());
    }

    /** A scan gives no page a slot, and asks for more pages at a time as it goes. */
    @Test
    void aScanReadsAheadAndKeepsNothing() {
        allCold();
        long cold = rig.store.coldPages();
        assertEquals(rig.model, rig.rows());
        assertTrue(rig.cold.reads < cold / 2, rig.cold.reads + " reads for " + cold + " pages");
        rig.engine.hotTier().step();
        assertEquals(cold, rig.store.coldPages());
    }

    @ParameterizedTest
    @EnumSource
    void aCursorGoesOnOnceAPageCanBeHadAgain(Direction direction) {
        allCold();
        var expected = direction == Direction.FORWARD ? rig.model : rig.model.descendingMap();
        List<String> seen = new ArrayList<>();
        int refusals = 0;
        try (Snapshot snapshot = rig.engine.snapshot();
                Cursor cursor = snapshot.open(EngineRig.SPACE, null, null, direction)) {
            for (boolean more = true; more; ) {
                rig.cold.away = !rig.cold.away;
                try {
                    more = cursor.next();
                } catch (TidemarkException e) {
                    assertEquals(ErrorKind.UNAVAILABLE, e.kind());
                    refusals++;
                    continue;
                }
                if (more) {
                    seen.add(EngineRig.text(cursor.row().key()));
                }
            }
        }
        assertEquals(List.copyOf(expected.keySet()), seen);
        assertTrue(refusals > 0, refusals + " refusals");
    }

    @Test
    void p1_anImageThatIsNotThatOfTheRowIsNeverUsed() {
        allCold();
        rig.engine.inspection().trees();
        for (long page = 0; page < rig.store.pages(); page++) {
            rig.cold.damage(page);
        }
        TidemarkException found = assertThrows(TidemarkException.class, () -> rig.get(ColdRig.key(3)));
        assertEquals(ErrorKind.CORRUPT, found.kind());
        assertTrue(found.getMessage().contains("COLD"), found.getMessage());
    }

    @Test
    void p1_aPageThatLeavesKeepsItsRow() {
        rig.fill(KEYS, 100);
        rig.ship();
        rig.engine.requestSync().join();
        rig.engine.checkpoint();
        long pages = rig.store.pages();
        long lsn = rig.store.highestPageLsn();
        rig.evictAll();
        assertEquals(pages, rig.store.pages());
        assertEquals(pages, rig.store.localPages() + rig.store.coldPages());
        assertEquals(rig.store.localPages(), rig.store.slotsInUse());
        rig.engine.abandon();
        rig.open();
        assertEquals(lsn, rig.store.highestPageLsn());
    }

    @Test
    void p2_nothingLeavesBeforeTheCheckpointsEntryIsDurable() {
        rig.fill(KEYS, 100);
        rig.engine.checkpoint();
        assertEquals(0, rig.engine.hotTier().evict(1000), "no checkpoint");
        rig.ship();
        assertEquals(0, rig.engine.hotTier().evict(1000), "its entry is not durable");
        rig.engine.requestSync().join();
        assertTrue(rig.evictAll() > 20);
    }

    /** Else pages would wait for the next write of an idle cluster. */
    @Test
    void p2_whereThereIsABudgetTheCheckpointsEntryIsSynced() {
        ColdRig small = new ColdRig(
                EngineRig.options(64, 160).toBuilder().hotTierBytes(30 * 1024).build());
        small.fill(400, 150);
        assertTrue(small.engine.durableLsn() < small.engine.state().applied());
        small.ship();
        assertEquals(small.engine.state().applied(), small.engine.durableLsn());
    }

    @Test
    void p2_aPageThatChangedSinceTheCheckpointStays() {
        rig.fill(KEYS, 100);
        rig.ship();
        rig.apply(EngineRig.put(ColdRig.key(5), "changed"));
        rig.engine.requestSync().join();
        rig.evictAll();
        restart();
        assertEquals("changed", rig.get(ColdRig.key(5)));
        assertEquals(List.of(), rig.cold.asked);
    }

    @Test
    void ct1_innerPagesAndTheSystemsPagesStay() {
        allCold();
        rig.cold.away = true;
        restart();
        assertEquals(rig.model.size(), KEYS);
        assertEquals(List.of(EngineRig.SPACE), rig.engine.keyspaces());
        TidemarkException found = assertThrows(TidemarkException.class, () -> rig.get(ColdRig.key(9)));
        assertEquals(ErrorKind.UNAVAILABLE, found.kind());
        assertTrue(found.getMessage().startsWith("COLD_UNAVAILABLE"), found.getMessage());
        assertEquals(List.of(), rig.cold.asked, "all on the way to the leaf was here");
    }

    /** The entry's own block is all that is lost at worst, never the page below it. */
    @Test
    void ct1_restartNeedsNobodyWhateverWasChanged() {
        Random random = new Random(7);
        for (CrashMode mode : CrashMode.values()) {
            ColdRig each = new ColdRig(EngineRig.options(64, 160));
            each.fill(KEYS, 100);
            each.ship();
            each.engine.requestSync().join();
            each.evictAll();
            each.engine.close();
            each.open();
            each.apply(EngineRig.put(ColdRig.key(11), "new"), EngineRig.delete(ColdRig.key(100)));
            each.apply(EngineRig.put(ColdRig.key(200), "also new"));
            boolean synced = mode == CrashMode.NONE;
            if (synced) {
                each.engine.requestSync().join();
            }
            each.cold.away = true;
            each.crash(mode, random);
            each.cold.away = false;
            if (synced || mode == CrashMode.ALL) {
                assertEquals(each.model, each.rows(), mode.toString());
            }
            each.engine.inspection().checkStructure();
        }
    }

    @Test
    void ct1_whatIsFetchedToBeChangedIsBackBeforeItsBlockIsInTheLog() {
        allCold();
        long cold = rig.store.coldPages();
        rig.apply(EngineRig.put(ColdRig.key(50), "x"));
        assertEquals(cold - 1, rig.store.coldPages());
    }

    @Test
    void ct1_commandsAreForeseen() {
        allCold();
        List<Command> commands =
                List.of(Command.of(EngineRig.put(ColdRig.key(1), "a")), Command.of(EngineRig.delete(ColdRig.key(150))));
        assertFalse(rig.engine.isAtHand(commands));
        rig.cold.away = true;
        assertThrows(TidemarkException.class, () -> rig.engine.fetch(commands));
        rig.cold.away = false;
        rig.engine.fetch(commands);
        assertTrue(rig.engine.isAtHand(commands));
        rig.cold.away = true;
        rig.apply(EngineRig.put(ColdRig.key(1), "a"), EngineRig.delete(ColdRig.key(150)));
        assertNull(rig.get(ColdRig.key(150)));
        assertFalse(rig.engine.isAtHand(List.of(Command.of(EngineRig.put(ColdRig.key(80), "b")))));
    }

    /** Reads of what is here go on, and so does the entry once the page can be had. */
    @Test
    void ct1_applyingWaitsForAPageAndSaysSo() throws Exception {
        allCold();
        rig.apply(EngineRig.put("hot", "1"));
        rig.cold.away = true;
        CompletableFuture<List<Reply>> applied = CompletableFuture.supplyAsync(
                () -> rig.apply(EngineRig.put(ColdRig.key(30), "late")), EngineRig.THREADS);
        while (rig.engine.tier().waits() == null) {
            Thread.onSpinWait();
        }
        assertTrue(rig.engine.tier().waits().contains("COLD_UNAVAILABLE"));
        assertEquals("1", rig.get("hot"));
        rig.cold.away = false;
        assertEquals(1, applied.get(20, TimeUnit.SECONDS).size());
        assertTrue(rig.engine.tier().waits() == null);
        assertEquals("late", rig.get(ColdRig.key(30)));
    }

    /** It waited for ever for what no other place has any more. */
    @Test
    void ct6_applyingEndsAtAPageThatWasGivenUp() {
        allCold();
        rig.cold.givenUp = true;
        long before = rig.engine.state().applied();
        ColdPageException refused = assertThrows(ColdPageException.class, () -> rig.get(ColdRig.key(3)));
        assertEquals(
                ErrorKind.UNAVAILABLE, refused.kind(), "others have the key, so it is not one that does not exist");
        assertFalse(rig.engine.isEnding());

        ColdPageException ended =
                assertThrows(ColdPageException.class, () -> rig.apply(EngineRig.put(ColdRig.key(30), "late")));
        assertTrue(ended.isGivenUp());
        assertTrue(rig.engine.isEnding());
        rig.engine.close();
        rig.open();
        assertEquals(before, rig.engine.state().applied());
    }

    @Test
    void anEngineCanBeClosedWhileItWaitsForAPage() throws Exception {
        allCold();
        rig.cold.away = true;
        long before = rig.engine.state().applied();
        CompletableFuture<List<Reply>> applied = CompletableFuture.supplyAsync(
                () -> rig.apply(EngineRig.put(ColdRig.key(30), "late")), EngineRig.THREADS);
        while (rig.engine.tier().waits() == null) {
            Thread.onSpinWait();
        }
        rig.engine.close();
        assertThrows(Exception.class, () -> applied.get(20, TimeUnit.SECONDS));
        rig.open();
        assertEquals(before, rig.engine.state().applied());
    }

    /** Large values, and pages from the free list, come from there too. */
    @Test
    void largeValuesAndFreedPagesComeAndGo() {
        for (int i = 0; i < 8; i++) {
            rig.apply(EngineRig.put("large" + i, EngineRig.value(i, 9_000)));
        }
        rig.apply(EngineRig.delete("large3"), EngineRig.delete("large5"));
        rig.fill(40, 100);
        rig.ship();
        rig.engine.requestSync().join();
        assertTrue(rig.evictAll() > 60);
        restart();
        assertEquals(rig.model.get("large7"), rig.get("large7"));
        rig.apply(EngineRig.put("large9", EngineRig.value(9, 12_000)));
        rig.apply(EngineRig.delete("large1"));
        assertEquals(rig.model, rig.rows());
        rig.engine.inspection().checkStructure();
    }

    @Test
    void aCutOfEverythingFetchesWhatHasLeft() {
        allCold();
        assertEquals(rig.store.pages(), CutPages.now(rig.engine).size());
    }

    @Test
    void theBudgetIsKept() {
        ColdRig small = new ColdRig(
                EngineRig.options(64, 160).toBuilder().hotTierBytes(30 * 1024).build());
        small.fill(400, 150);
        small.engine.checkpoint();
        assertTrue(small.store.slotsInUse() > 60, "nothing can leave yet");
        small.ship();
        small.engine.checkpoint();
        lookToTheEnd(small);
        assertTrue(small.store.slotsInUse() <= 30, small.store.slotsInUse() + " pages are here");
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 400; i += 7) {
                assertEquals(small.model.get(ColdRig.key(i)), small.get(ColdRig.key(i)));
                while (small.engine.hotTier().isDue()) {
                    small.engine.hotTier().step();
                }
            }
            assertTrue(small.store.slotsInUse() <= 30 + 64, small.store.slotsInUse() + " pages are here");
        }
        assertEquals(small.model, small.rows());
    }

    /** The cleaner went round and round, and asked for the directory each time: a processor for nothing. */
    @Test
    void nobodyLooksOnWhereOnlyPagesAreLeftThatChangedSinceTheCheckpoint() {
        ColdRig small = overBudget();
        small.ship();
        small.engine.checkpoint();
        changeAllLeaves(small);
        lookToTheEnd(small);
        assertTrue(small.store.slotsInUse() > 30, small.store.slotsInUse() + " pages are here");
    }

    @Test
    void whatChangedBeforeTheCheckpointLeavesOnceItIsOnDisk() {
        ColdRig small = overBudget();
        changeAllLeaves(small);
        small.ship();
        small.engine.requestSync().join();
        lookToTheEnd(small);
        assertTrue(small.store.slotsInUse() > 30, small.store.slotsInUse() + " pages are here");
        small.engine.checkpoint();
        lookToTheEnd(small);
        assertTrue(small.store.slotsInUse() <= 30, small.store.slotsInUse() + " pages are here");
        assertEquals(small.model, small.rows());
    }

    /** All of it on disk, more than twice the budget; the pool has room for as many changed pages. */
    private static ColdRig overBudget() {
        ColdRig rig = new ColdRig(
                EngineRig.options(64, 480).toBuilder().hotTierBytes(30 * 1024).build());
        rig.fill(400, 150);
        rig.engine.checkpoint();
        assertTrue(rig.store.slotsInUse() > 60, rig.store.slotsInUse() + " pages are here");
        return rig;
    }

    private static void changeAllLeaves(ColdRig rig) {
        for (int i = 0; i < 400; i += 4) {
            rig.apply(EngineRig.put(ColdRig.key(i), EngineRig.value(i + 1, 150)));
        }
    }

    private static void lookToTheEnd(ColdRig rig) {
        for (int i = 0; rig.engine.hotTier().isDue(); i++) {
            rig.engine.hotTier().step();
            assertTrue(i < 200, "it ends");
        }
    }

    /** It ended the process, though nobody had asked for the page. */
    @Test
    void aPageThatCannotBeReadStaysForItsReaderToFindAndOthersLeave() {
        rig.fill(KEYS, 100);
        rig.ship();
        rig.engine.checkpoint();
        while (rig.engine.hotTier().evict(1) == 0) {
            // Pages were used just now: the hand passes them over, and reads none.
        }
        rig.disk.failNext(Failing.READ, "pages");
        long cold = rig.store.coldPages();
        assertEquals(5, rig.engine.hotTier().evict(5));
        assertEquals(cold + 5, rig.store.coldPages());
        assertEquals(List.of(), rig.halts);
        assertEquals(rig.model, rig.rows());
    }

    /** What is used stays: the pages of a few keys outlive a scan of all and many others. */
    @Test
    void whatIsUsedStaysWhateverIsScanned() {
        ColdRig small = new ColdRig(
                EngineRig.options(64, 128).toBuilder().hotTierBytes(50 * 1024).build());
        small.fill(800, 150);
        small.ship();
        small.engine.checkpoint();
        for (int round = 0; round < 6; round++) {
            for (int i = 100; i < 130; i++) {
                small.get(ColdRig.key(i));
            }
            small.rows();
            while (small.engine.hotTier().isDue() || small.engine.hotTier().hasRest()) {
                small.engine.hotTier().step();
            }
        }
        long faults = small.store.coldCounts().faults();
        for (int i = 100; i < 130; i++) {
            small.get(ColdRig.key(i));
        }
        assertTrue(small.store.coldCounts().faults() - faults <= 2, small.store.coldCounts() + " after " + faults);
    }

    @Test
    void manyReadersOfOnePageFetchItOnce() {
        allCold();
        List<CompletableFuture<String>> reads = java.util.stream.IntStream.range(0, 16)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> rig.get(ColdRig.key(60)), EngineRig.THREADS))
                .toList();
        reads.forEach(read -> assertEquals(rig.model.get(ColdRig.key(60)), read.join()));
        assertEquals(1, rig.cold.asked.size(), () -> rig.cold.asked.toString());
    }

    /** Where its cleaner stands before a look at the trees for what may leave. */
    @Test
    @Timeout(60)
    void anEngineClosesWhileItsCleanerLooksForPages() {
        ColdRig threaded = new ColdRig(
                EngineRig.threaded().toBuilder().hotTierBytes(8 * 1024).build());
        threaded.fill(100, 100);
        threaded.engine.checkpoint();
        CountDownLatch looking = new CountDownLatch(1);
        threaded.beforeSyncedIsTold = () -> {
            if (Thread.currentThread().getName().equals("engine-cleaner")) {
                looking.countDown();
                awaitClose(threaded.engine);
            }
        };
        threaded.ship();
        threaded.engine.requestSync().join();
        assertDoesNotThrow(() -> looking.await());
        threaded.engine.close();
        assertEquals(List.of(), threaded.halts);
    }

    private static void awaitClose(Engine engine) {
        for (int round = 0; ; round++) {
            try {
                engine.snapshot().close();
                Backoff.pause(round);
            } catch (TidemarkException e) {
                assertEquals(ErrorKind.UNAVAILABLE, e.kind());
                return;
            }
        }
    }

    @Test
    void withoutASourceAColdPageIsNamedSo() {
        allCold();
        rig.engine.close();
        TidemarkException found = assertThrows(TidemarkException.class, () -> {
            Operation put = EngineRig.put(ColdRig.key(1), "x");
            Engine blind = rig.openBlind();
            blind.apply(EngineRig.entry(blind.state().applied() + 1, List.of(put)));
        });
        assertTrue(found.getMessage().contains("COLD"), found.getMessage());
    }
}
