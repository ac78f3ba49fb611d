package io.tidemark.shipper.tier;

import static io.tidemark.shipper.tier.TierRig.HOUR;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.SimulatedDisk;
import io.tidemark.shipper.catalog.Tier;
import io.tidemark.shipper.manifest.HistoryRecord;
import io.tidemark.shipper.manifest.Manifest;
import io.tidemark.shipper.segment.Entries;
import io.tidemark.shipper.segment.SegmentName;
import io.tidemark.shipper.tier.SegmentTiers.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;

class SegmentTiersTest {
    private final TierRig rig = TierRig.withCopies(10);

    @Test
    void aSegmentIsHotThenWarmThenCold() {
        SegmentName segment = rig.shipHere(1);
        assertEquals(Tier.HOT, rig.tier(segment));
        rig.pass(72 * HOUR - 1);
        rig.tiers.tick();
        assertEquals(Tier.HOT, rig.tier(segment));
        rig.pass(1);
        assertEquals(1, rig.tiers.tick().demoted());
        assertEquals(Tier.WARM, rig.tier(segment));
        assertTrue(rig.hasFile(segment));
        rig.pass(96 * HOUR);
        rig.tiers.tick();
        assertEquals(Tier.COLD, rig.tier(segment));
        assertFalse(rig.hasFile(segment));
        assertEquals(2, rig.tiers.stats().demotions());
    }

    @Test
    void aReadMakesYoung() {
        SegmentName segment = rig.shipHere(1);
        rig.pass(100 * HOUR);
        rig.tiers.tick();
        assertArrayEquals(rig.put.get(segment), rig.tiers.read(segment).orElseThrow());
        rig.tiers.flush();
        assertEquals(Tier.HOT, rig.tier(segment));
        rig.pass(100 * HOUR);
        rig.tiers.tick();
        assertEquals(Tier.WARM, rig.tier(segment));
    }

    private void manifest(long mark) {
        Manifest manifest = new Manifest(TierRig.HISTORY, mark, 0, Entries.position(1), null, Manifest.NO_FLOOR, 1);
        rig.s3.putIfAbsent(manifest.key(), manifest.encode());
    }

    /** Another leader collects what this one put and did not name: here it would take room, and be warned of, for ever. */
    @Test
    void theCopyOfAnAbandonedSegmentGoesThoughTheObjectWentBeforeIt() {
        SegmentName abandoned = rig.shipHere(1);
        SegmentName lost = rig.shipHere(2);
        SegmentName newest = rig.shipHere(3);
        manifest(lost.last());
        manifest(lost.last() + 1);
        List.of(abandoned, lost, newest).forEach(segment -> rig.s3.delete(segment.key()));
        rig.pass(200 * HOUR);

        rig.tiers.tick();
        List<String> failures = rig.tiers.tick().failures();

        assertFalse(rig.hasFile(abandoned));
        assertTrue(rig.tiers.row(abandoned).isEmpty());
        assertTrue(rig.hasFile(lost), "it was named, so S3 has lost it");
        assertTrue(rig.hasFile(newest), "it may be named yet");
        assertEquals(2, failures.size(), failures.toString());
        assertTrue(failures.stream().noneMatch(failure -> failure.contains(abandoned.key())), failures.toString());
    }

    @Test
    void ct9_aRestoredSegmentIsNotArchivedAtTheNextLookNorAfterARestart() {
        SegmentName segment = rig.shipHere(1);
        rig.pass(200 * HOUR);
        rig.tiers.tick();
        assertEquals(Outcome.DONE, rig.tiers.restore(segment, 200 * HOUR));
        for (int look = 0; look < 199; look++) {
            rig.pass(HOUR);
            rig.tiers.tick();
            assertEquals(Tier.HOT, rig.tier(segment), "look " + look);
            if (look % 50 == 0) {
                rig.reopen();
            }
        }
        assertTrue(rig.hasFile(segment));
        rig.pass(HOUR);
        rig.tiers.tick();
        assertEquals(Tier.COLD, rig.tier(segment));
    }

    @Test
    void ct9_archiveAndRestoreAreIdempotentAndOutliveRestarts() {
        SegmentName segment = rig.shipHere(1);
        assertEquals(Outcome.DONE, rig.tiers.archive(segment));
        assertEquals(Outcome.ALREADY, rig.tiers.archive(segment));
        rig.reopen();
        rig.tiers.tick();
        assertEquals(Tier.COLD, rig.tier(segment));
        assertFalse(rig.hasFile(segment));
        assertEquals(Outcome.DONE, rig.tiers.restore(segment, HOUR));
        assertEquals(Outcome.ALREADY, rig.tiers.restore(segment, 300 * HOUR));
        rig.reopen();
        rig.pass(299 * HOUR);
        rig.tiers.tick();
        assertEquals(Tier.HOT, rig.tier(segment));
        assertEquals(Outcome.DONE, rig.tiers.archive(segment));
        rig.tiers.tick();
        assertEquals(Tier.COLD, rig.tier(segment));
    }

    @Test
    void aSegmentThatNobodyHasIsNotFoundAndOneThatOthersShippedIs() {
        SegmentName nobodys = TierRig.name(5);
        for (Runnable ask : List.<Runnable>of(
                () -> rig.tiers.archive(nobodys),
                () -> rig.tiers.restore(nobodys, HOUR),
                () -> rig.tiers.known(nobodys))) {
            assertEquals(
                    ErrorKind.NOT_FOUND,
                    assertThrows(TidemarkException.class, ask::run).kind());
        }
        SegmentName others = rig.ship(6);
        assertEquals(Tier.COLD, rig.tiers.known(others).tier());
        assertEquals(Outcome.ALREADY, rig.tiers.archive(others));
        assertEquals(Outcome.DONE, rig.tiers.restore(others, HOUR));
        assertTrue(rig.hasFile(others));
    }

    @Test
    void ct9_aCopyGoesOnlyWhenS3HasShownTheObject() {
        SegmentName lost = rig.shipHere(1);
        SegmentName other = rig.shipHere(2);
        rig.s3.lose(lost.key());
        TidemarkException refusal = assertThrows(TidemarkException.class, () -> rig.tiers.archive(lost));
        assertEquals(ErrorKind.UNAVAILABLE, refusal.kind());
        assertTrue(rig.hasFile(lost));
        rig.pass(200 * HOUR);
        TierReport report = rig.tiers.tick();
        assertTrue(rig.hasFile(lost), "the only copy there is");
        assertTrue(report.failures().get(0).contains(lost.key()), report.toString());
        assertEquals(Tier.COLD, rig.tier(other), "one that fails keeps no other from its place");
        // the room that is left is too little for all
        for (int n = 10; n < 30; n++) {
            rig.shipHere(n);
        }
        assertTrue(rig.hasFile(lost));
    }

    @Test
    void whenThereIsNoRoomWhatNobodyReadForLongestGoes() {
        for (int n = 0; n < 10; n++) {
            rig.shipHere(n);
            rig.pass(1_000);
        }
        rig.tiers.read(TierRig.name(0));
        rig.pass(1_000);
        rig.shipHere(10);
        assertEquals(Tier.HOT, rig.tier(TierRig.name(0)));
        assertEquals(Tier.COLD, rig.tier(TierRig.name(1)));
        assertEquals(Tier.COLD, rig.tier(TierRig.name(2)), "and one more, so that not each has to look");
        assertEquals(Tier.HOT, rig.tier(TierRig.name(3)));
        assertEquals(9 * SegmentFiles.BLOCK_BYTES, rig.tiers.stats().localBytes());
    }

    @Test
    void whatIsKeptByHandNeverMakesWay() {
        for (int n = 0; n < 10; n++) {
            rig.ship(n);
            assertEquals(Outcome.DONE, rig.tiers.restore(TierRig.name(n), Long.MAX_VALUE));
        }
        SegmentName more = rig.shipHere(10);
        assertEquals(Tier.COLD, rig.tier(more));
        assertEquals(Outcome.NO_ROOM, rig.tiers.restore(more, HOUR));
        rig.pass(10_000 * HOUR);
        rig.tiers.tick();
        assertEquals(10, rig.tiers.stats().segments(Tier.HOT));
        rig.tiers.archive(TierRig.name(3));
        assertEquals(Outcome.DONE, rig.tiers.restore(more, HOUR));
    }

    @Test
    void copiesMakeWayWhenTheDiskIsShort() {
        SimulatedDisk small = new SimulatedDisk().capacity(140_000);
        TierOptions wish = new TierOptions(1 << 30, HOUR, HOUR, HOUR, 100, 10, 60_000);
        TierRig node = new TierRig(small, wish);
        for (int n = 0; n < 30; n++) {
            node.shipHere(n);
            node.pass(1_000);
        }
        assertTrue(node.tiers.stats().segments(Tier.HOT) >= 3, "there was room for some");
        assertTrue(small.usableBytes(TierRig.DIRECTORY) > 50_000, small.usableBytes(TierRig.DIRECTORY) + " left");
        assertEquals(Tier.HOT, node.tier(TierRig.name(29)));
    }

    @Test
    void withoutS3CopiesAreReadAndNothingComesOrGoes() {
        SegmentName segment = rig.shipHere(1);
        rig.pass(200 * HOUR);
        rig.s3.available(false);
        TierReport report = rig.tiers.tick();
        assertTrue(report.failures().get(0).contains("S3 is away"), report.toString());
        assertArrayEquals(rig.put.get(segment), rig.tiers.read(segment).orElseThrow());
        rig.reopen();
        assertTrue(rig.tiers.read(segment).isPresent());
    }

    @Test
    void whatIsReadOftenComesWhateverItsAgeAndLeavesWhenThatIsOver() {
        SegmentName segment = rig.ship(1);
        rig.tiers.tick();
        for (int read = 0; read < 99; read++) {
            assertTrue(rig.tiers.read(segment).isEmpty());
        }
        rig.tiers.tick();
        assertEquals(Tier.COLD, rig.tier(segment));
        rig.tiers.read(segment);
        assertEquals(1, rig.tiers.tick().promoted());
        assertEquals(Tier.HOT, rig.tier(segment));
        for (int day = 0; day < 8; day++) {
            rig.pass(24 * HOUR);
            rig.tiers.tick();
        }
        assertEquals(Tier.COLD, rig.tier(segment));
    }

    @Test
    void readsAreWrittenTogetherAndNotOneByOne() {
        for (int n = 0; n < 5; n++) {
            rig.shipHere(n);
        }
        long before = rig.disk.operations();
        for (int read = 0; read < 1_000; read++) {
            rig.tiers.read(TierRig.name(read % 5));
        }
        assertEquals(before, rig.disk.operations());
        assertEquals(200, rig.tiers.row(TierRig.name(3)).orElseThrow().reads(), "and are seen at once");
        rig.tiers.flush();
        assertEquals(before + 2, rig.disk.operations(), "one write, one sync");
        rig.reopen();
        assertEquals(200, rig.tiers.row(TierRig.name(3)).orElseThrow().reads());
    }

    @Test
    void whatOthersShipBecomesKnownByListing() {
        rig.ship(1);
        rig.ship(2);
        assertEquals(2, rig.tiers.tick().found());
        rig.shipHere(3);
        rig.ship(4);
        assertEquals(1, rig.tiers.tick().found());
        assertEquals(0, rig.tiers.tick().found());
        assertEquals(3, rig.tiers.stats().segments(Tier.COLD));
        assertEquals(1, rig.tiers.stats().segments(Tier.HOT));
    }

    @Test
    void segmentsOfAncestorsUpToTheForkAreKnownToo() {
        String parent = "00000000-0000-0000-0000-000000000001";
        TierRig child = new TierRig(new SimulatedDisk(), TierRig.options(10));
        child.s3.lose(HistoryRecord.key(TierRig.HISTORY));
        HistoryRecord eldest = new HistoryRecord(parent, "", -1, parent, 1);
        HistoryRecord record = new HistoryRecord(TierRig.HISTORY, parent, 15, TierRig.HISTORY, 1);
        child.s3.putIfAbsent(eldest.key(), eldest.encode());
        child.s3.putIfAbsent(record.key(), record.encode());
        for (long first : List.of(0L, 15L, 16L)) {
            var sealed = Entries.segment(parent, 1, Entries.put(first, 1, 10));
            child.s3.putIfAbsent(sealed.name().key(), sealed.bytes());
        }
        child.ship(2);
        child.tiers.tick();
        assertEquals(
                List.of(parent + 0L, parent + 15L, TierRig.HISTORY + 20L),
                child.rows().stream()
                        .map(row -> row.name().history() + row.name().first())
                        .toList());
    }

    @Test
    void whatIsBelowTheFloorIsForgotten() {
        for (int n = 0; n < 4; n++) {
            rig.shipHere(n);
        }
        rig.tiers.tick();
        Manifest floor = new Manifest(TierRig.HISTORY, 31, 0, Entries.position(1), null, 11, 1);
        rig.s3.putIfAbsent(floor.key(), floor.encode());
        rig.tiers.tick();
        assertEquals(
                List.of(TierRig.name(2), TierRig.name(3)),
                rig.rows().stream().map(row -> row.name()).toList());
        assertFalse(rig.hasFile(TierRig.name(1)));
    }

    @Test
    void ct9_aLostCatalogIsMadeAgainFromTheDiskAndFromS3() throws Exception {
        SegmentName here = rig.shipHere(1);
        rig.ship(2);
        rig.tiers.tick();
        rig.tiers.close();
        rig.disk.delete(TierRig.DIRECTORY.resolve("catalog/commits"));
        rig.open();
        assertEquals(Tier.HOT, rig.tier(here));
        assertArrayEquals(rig.put.get(here), rig.tiers.read(here).orElseThrow());
        rig.tiers.tick();
        assertEquals(Tier.COLD, rig.tier(TierRig.name(2)));
    }

    @Test
    void ct9_aRowWithoutItsFileAndAFileThatIsNotWholeAreFoundAtOpen() throws Exception {
        SegmentName gone = rig.shipHere(1);
        SegmentName cut = rig.shipHere(2);
        SegmentFiles files = new SegmentFiles(rig.disk, TierRig.DIRECTORY);
        rig.tiers.close();
        files.delete(gone);
        rig.disk.open(files.path(cut)).truncate(100);
        files.write(TierRig.name(3), new byte[500]);
        rig.open();
        assertEquals(Tier.COLD, rig.tier(gone));
        assertEquals(Tier.COLD, rig.tier(cut));
        assertFalse(rig.hasFile(cut));
        assertFalse(rig.hasFile(TierRig.name(3)));
    }
}
