package io.tidemark.shipper.tier;

import static io.tidemark.shipper.tier.TierRig.HOUR;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.shipper.catalog.Tier;
import io.tidemark.shipper.segment.SegmentName;
import io.tidemark.shipper.store.PutOutcome;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TieredStoreTest {
    private final TierRig rig = TierRig.withCopies(4);
    private final TierWork work = new TierWork(rig.tiers);
    private final TieredStore store = new TieredStore(rig.s3, rig.tiers, work);

    @AfterEach
    void close() {
        work.close();
    }

    private SegmentName putHere(int n) {
        var sealed = TierRig.segment(n);
        assertEquals(PutOutcome.CREATED, store.putIfAbsent(sealed.name().key(), sealed.bytes()));
        rig.put.put(sealed.name(), sealed.bytes());
        work.submit(SegmentTiers::stats).join(); // after the copy, on the same thread
        return sealed.name();
    }

    @Test
    void aSegmentThatWasPutIsReadFromItsCopy() {
        SegmentName segment = putHere(1);
        assertEquals(Tier.HOT, rig.tier(segment));
        int asked = rig.s3.requests();
        assertArrayEquals(rig.put.get(segment), store.get(segment.key()).orElseThrow());
        assertArrayEquals(
                Arrays.copyOfRange(rig.put.get(segment), 100, 300),
                store.getRange(segment.key(), 100, 200).orElseThrow());
        assertEquals(asked, rig.s3.requests());
    }

    @Test
    void ct9_aDamagedCopyIsNeverUsedAndIsMadeAgain() {
        SegmentName segment = putHere(1);
        rig.disk.flipBit(new SegmentFiles(rig.disk, TierRig.DIRECTORY).path(segment), 1_234, 3);
        int asked = rig.s3.requests();
        assertArrayEquals(rig.put.get(segment), store.get(segment.key()).orElseThrow());
        assertEquals(asked + 1, rig.s3.requests());
        assertEquals(1, rig.metrics.counter("tier.damaged-copies").getCount());
        assertTrue(rig.hasFile(segment));
        assertArrayEquals(rig.put.get(segment), store.get(segment.key()).orElseThrow());
        assertEquals(asked + 1, rig.s3.requests());
    }

    @Test
    void ct9_aDamagedCopyThatIsKeptByHandIsMadeAgainAndStillKept() {
        SegmentName segment = putHere(1);
        rig.tiers.restore(segment, 500 * HOUR);
        rig.disk.flipBit(new SegmentFiles(rig.disk, TierRig.DIRECTORY).path(segment), 99, 1);
        assertTrue(store.getRange(segment.key(), 0, 10).isPresent());
        rig.tiers.tick();
        rig.pass(400 * HOUR);
        rig.tiers.tick();
        assertEquals(Tier.HOT, rig.tier(segment));
        assertArrayEquals(rig.put.get(segment), rig.tiers.read(segment).orElseThrow());
    }

    @Test
    void readingAPartOfAColdSegmentFetchesNoMore() {
        SegmentName segment = rig.ship(1);
        rig.tiers.tick();
        assertArrayEquals(
                Arrays.copyOfRange(rig.put.get(segment), 7, 107),
                store.getRange(segment.key(), 7, 100).orElseThrow());
        assertArrayEquals(rig.put.get(segment), store.get(segment.key()).orElseThrow());
        assertFalse(rig.hasFile(segment));
        assertEquals(2, rig.tiers.row(segment).orElseThrow().reads());
    }

    @Test
    void anObjectOfAnotherWriterIsNotTakenForOurs() {
        SegmentName segment = rig.ship(1);
        byte[] other = TierRig.segment(2).bytes();
        assertEquals(PutOutcome.FENCED, store.putIfAbsent(segment.key(), other));
        work.submit(SegmentTiers::stats).join();
        assertFalse(rig.hasFile(segment));
        assertArrayEquals(rig.put.get(segment), store.get(segment.key()).orElseThrow());
    }

    @Test
    void aSegmentThatIsRemovedTakesItsCopyWithIt() {
        SegmentName segment = putHere(1);
        store.delete(segment.key());
        store.delete(segment.key());
        assertFalse(rig.hasFile(segment));
        assertTrue(rig.tiers.row(segment).isEmpty());
        assertTrue(store.get(segment.key()).isEmpty());
    }

    @Test
    void whatIsNoSegmentIsTheStoresAlone() {
        store.putIfAbsent("h/manifest/x.json", new byte[] {1});
        work.submit(SegmentTiers::stats).join();
        assertArrayEquals(new byte[] {1}, store.get("h/manifest/x.json").orElseThrow());
        assertEquals(0, rig.tiers.stats().allSegments());
        assertEquals(rig.s3.list("", null), store.list("", null));
    }
}
