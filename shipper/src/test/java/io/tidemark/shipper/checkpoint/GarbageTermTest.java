package io.tidemark.shipper.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Reply;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.checkpoint.CheckpointTerm.Phase;
import io.tidemark.shipper.manifest.Manifest;
import io.tidemark.shipper.pack.PackName;
import io.tidemark.shipper.retention.RetentionOptions;
import io.tidemark.shipper.segment.SegmentName;
import io.tidemark.shipper.store.SimulatedObjectStore;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GarbageTermTest {
    private static final RetentionOptions KEEP_TWO = new RetentionOptions(0, 2, 0, 50, 500);
    private static final String HISTORY = EngineCluster.HISTORY;

    private final SimulatedObjectStore store = new SimulatedObjectStore();
    private final EngineCluster cluster = new EngineCluster(store);

    @AfterEach
    void close() {
        cluster.close();
    }

    private Leader leader(RetentionOptions options, int seed) {
        return new Leader(cluster, store, new Random(seed), options);
    }

    private void checkpoints(Leader leader, int count) {
        for (int i = 0; i < count; i++) {
            Checkpoint before = cluster.newest();
            for (int k = 0; k < 60; k++) {
                cluster.put("key-" + k % 40, 150 + (int) (cluster.last() % 200));
            }
            leader.node().applyAll();
            leader.runUntil(() -> !cluster.newest().equals(before));
        }
        leader.run(600);
    }

    private Manifest newest() {
        return new HistoryReader(store).newestManifest(HISTORY).orElseThrow();
    }

    private List<String> keys(String part) {
        return store.keys().stream().filter(key -> key.contains(part)).toList();
    }

    @Test
    void byDefaultAllOfThePastIsKept() {
        Leader leader = leader(RetentionOptions.defaults(), 1);
        leader.elected();
        checkpoints(leader, 4);
        assertEquals(-1, cluster.retention().floor());
        assertEquals(4, cluster.retention().checkpoints().size());
        assertEquals(-1, newest().floor());
        assertEquals(
                0,
                new HistoryReader(store)
                        .covering(HISTORY, -1, cluster.shipped())
                        .get(0)
                        .from());
    }

    @Test
    void ct6_x3_whatOnlyGivenUpStatesNeedGoesAndAManifestSaysSo() {
        Leader leader = leader(KEEP_TWO, 2);
        leader.elected();
        checkpoints(leader, 5);

        long floor = cluster.retention().floor();
        assertEquals(cluster.accepted().get(3).lsn(), floor, "the older of the two newest");
        assertEquals(floor, newest().floor());
        assertEquals(floor, cluster.retention().collected());
        cluster.proveKept();
        cluster.proveNoGarbage();
        assertFalse(store.keys().contains(cluster.accepted().get(0).directory()));
        assertFalse(store.keys().contains(cluster.accepted().get(1).directory()));
        assertTrue(store.keys().contains(cluster.accepted().get(2).directory()), "the floor's goes on from it");
        long oldest = keys("/log/").stream()
                .mapToLong(key -> SegmentName.parse(key).orElseThrow().last())
                .min()
                .orElseThrow();
        assertTrue(oldest > floor, oldest + " ends below " + floor);
        long mark = Manifest.markOf(keys("/manifest/").get(0)).orElseThrow();
        assertTrue(mark >= floor, mark + " lies below " + floor);
        assertNull(leader.past().error());
    }

    /** More than one look finds: it looks again until it has come to the end. */
    @Test
    void x3_howeverManySegmentsNobodyNeedsAllGo() {
        Leader leader = leader(KEEP_TWO, 13);
        leader.elected();
        checkpoints(leader, 6);
        Set<Long> marks = keys("/manifest/").stream()
                .flatMap(key -> Manifest.markOf(key).stream())
                .collect(Collectors.toSet());
        int unnamed = 0;
        long swept = cluster.retention().swept();
        for (long last = 0; last <= swept; last++) {
            for (long first = 0; first <= last && !marks.contains(last); first++) {
                store.putIfAbsent(new SegmentName(HISTORY, first, last).key(), new byte[] {1});
                unnamed++;
            }
        }
        Leader next = leader(KEEP_TWO, 14);
        next.elected();
        cluster.put("key-1", 100);
        next.node().applyAll();
        int before = store.keys().size();
        next.runUntil(() -> store.keys().size() < before);
        for (int i = 0; i < unnamed + 1_000; i++) {
            next.past().step();
        }
        assertTrue(unnamed > 50_000, unnamed + " segments");
        cluster.proveNoGarbage();
    }

    @Test
    void m3_atRestNothingIsDecidedAndNothingLookedAt() {
        Leader leader = leader(KEEP_TWO, 3);
        leader.elected();
        checkpoints(leader, 4);
        long last = cluster.last();
        int requests = store.requests();
        leader.run(300);
        assertEquals(last, cluster.last());
        assertEquals(requests, store.requests());
    }

    @Test
    void x3_nothingGoesBeforeTheGracePeriodIsOver() {
        Leader leader = leader(new RetentionOptions(0, 1, 3_600_000, 50, 500), 4);
        leader.elected();
        checkpoints(leader, 2);
        assertEquals(cluster.accepted().get(0).lsn(), cluster.retention().floor(), "one that is older was there then");
        assertEquals(cluster.retention().floor(), newest().floor());
        assertTrue(cluster.retention().isNamed());
        assertEquals(-1, cluster.retention().collected());
        assertEquals(
                0,
                new HistoryReader(store)
                        .covering(HISTORY, -1, cluster.shipped())
                        .get(0)
                        .from());
    }

    @Test
    void ct6_theFloorWaitsForAPin() {
        Leader leader = leader(KEEP_TWO, 5);
        leader.elected();
        checkpoints(leader, 1);
        cluster.append(new Operation.Pin("mine", cluster.last()));
        checkpoints(leader, 4);
        long pinned = cluster.retention().pins().get(0).lsn();
        assertEquals(cluster.accepted().get(0).lsn(), cluster.retention().floor());
        assertTrue(cluster.retention().floor() <= pinned);
        cluster.proveKept();

        assertEquals(
                Reply.Status.OK, cluster.append(new Operation.Unpin("mine")).status());
        checkpoints(leader, 1);
        assertTrue(cluster.retention().floor() > pinned);
        cluster.proveKept();
        cluster.proveNoGarbage();
    }

    @Test
    void x3_aLeaderPausedInItsUploadThatResumesAfterAnotherShippedOnDoesNoHarmAndItsGarbageGoes() {
        Leader paused = leader(KEEP_TWO, 6);
        paused.elected();
        checkpoints(paused, 1);
        for (int k = 0; k < 80; k++) {
            cluster.put("key-" + k % 40, 150);
        }
        paused.node().applyAll();
        paused.runUntil(() -> paused.pages().phase() == Phase.UPLOADING);
        paused.pages().step();
        Leader next = leader(KEEP_TWO, 7);
        next.elected();
        checkpoints(next, 1);

        paused.node().proposing(EngineCluster.Proposing.REFUSES_LEADERSHIP);
        paused.run(400);
        List<Long> named = cluster.retention().checkpoints().stream()
                .map(kept -> kept.lsn())
                .toList();
        List<String> orphans = store.keys().stream()
                .filter(key -> PackName.parse(key)
                        .filter(name -> !named.contains(name.lsn()))
                        .isPresent())
                .toList();
        assertFalse(orphans.isEmpty(), "the paused one left nothing");
        cluster.proveKept();

        checkpoints(next, 3);
        orphans.forEach(key -> assertFalse(store.keys().contains(key), key));
        cluster.proveKept();
        cluster.proveNoGarbage();
    }

    @Test
    void x3_aLeaderPausedInItsCollectionRemovesNothingThatIsNeeded() {
        Leader paused = leader(KEEP_TWO, 8);
        paused.elected();
        checkpoints(paused, 2);
        Checkpoint before = cluster.newest();
        for (int k = 0; k < 60; k++) {
            cluster.put("key-" + k % 40, 250);
        }
        paused.node().applyAll();
        long collected = cluster.retention().collected();
        paused.runUntil(() -> cluster.retention().collected() > collected
                || !cluster.newest().equals(before)
                        && cluster.retention().isNamed()
                        && cluster.retention().floor() > collected);
        paused.past().step();
        paused.past().step();

        Leader next = leader(KEEP_TWO, 9);
        next.elected();
        checkpoints(next, 3);
        paused.node().proposing(EngineCluster.Proposing.REFUSES_LEADERSHIP);
        for (int i = 0; i < 500; i++) {
            paused.past().step();
        }
        cluster.proveKept();
        checkpoints(next, 1);
        cluster.proveKept();
        cluster.proveNoGarbage();
    }

    @Test
    void pagesOfPacksOfWhichLittleIsInUseAreCarriedOver() {
        Leader leader = leader(KEEP_TWO, 10);
        leader.elected();
        for (int k = 0; k < 120; k++) {
            cluster.put("cold-" + k, 300);
        }
        checkpoints(leader, 1);
        List<String> first = keys(".pack");
        // of the first pack's pages, those between stay as they are
        for (int round = 0; round < 8; round++) {
            for (int k = 0; k < 120; k++) {
                if (k % 40 != 7) {
                    cluster.put("cold-" + k, 300);
                }
            }
            checkpoints(leader, 1);
        }
        List<String> left = keys(".pack");
        first.forEach(key -> assertFalse(left.contains(key), key + " of " + left));
        cluster.proveKept();
        cluster.proveNoGarbage();
    }

    @Test
    void aNewLeaderTellsTheLogOfACheckpointThatAnEarlierOneNamedOnly() {
        Leader leader = leader(RetentionOptions.defaults(), 11);
        leader.elected();
        for (int k = 0; k < 120; k++) {
            cluster.put("key-" + k % 40, 250);
        }
        leader.node().applyAll();
        leader.runUntil(() -> leader.pages().ready().isPresent());
        Checkpoint ready = leader.pages().ready().orElseThrow();
        leader.node().proposing(EngineCluster.Proposing.REFUSES_LEADERSHIP);
        leader.runUntil(
                () -> newest().checkpoint().equals(ready) || cluster.newest().lsn() >= 0);
        assertEquals(Checkpoint.NONE, cluster.newest());

        Leader next = leader(RetentionOptions.defaults(), 12);
        next.elected();
        next.run(50);
        assertEquals(ready, cluster.newest());
    }
}
