package io.tidemark.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.Engine;
import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.StorageEngine.ContentsDigest;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.manifest.HistoryRecord;
import io.tidemark.shipper.manifest.Manifest;
import io.tidemark.shipper.pace.Pace;
import io.tidemark.shipper.store.SimulatedObjectStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoreTest {
    private static final String PARENT = "5b1e2a57-0000-4000-8000-000000000001";

    @TempDir
    Path directory;

    private final SimulatedObjectStore store = new SimulatedObjectStore();
    private final HistoryReader reader = new HistoryReader(store);

    private ShippedEngine leader() {
        return new ShippedEngine(directory.resolve("leader"), PARENT, store);
    }

    private Restore into(String name) {
        return new Restore(
                store,
                () -> ShippedEngine.open(directory.resolve(name)),
                () -> UUID.randomUUID().toString(),
                Pace.system(),
                p -> {});
    }

    private RestoreReport restore(String name) {
        return into(name).run(Optional.of(PARENT), Optional.empty());
    }

    /** The state at an LSN, by the log itself. */
    private ContentsDigest reference(ShippedEngine leader, long lsn) {
        try (StorageEngine engine = ShippedEngine.open(directory.resolve("reference-" + UUID.randomUUID()))) {
            for (long i = 0; i <= lsn; i++) {
                engine.apply(leader.logged(i));
            }
            return engine.contents();
        }
    }

    @Test
    void aRestoreGivesExactlyTheStateAtTheNewestManifestsMark() {
        try (ShippedEngine leader = leader()) {
            leader.work(new Random(1), 150);
            long mark = leader.ship();

            RestoreReport report = into("restored").run(Optional.empty(), Optional.empty());

            assertEquals(mark, report.lsn());
            assertEquals(reference(leader, mark), report.contents().orElseThrow());
            assertEquals(leader.engine().chainAt(mark).orElseThrow(), report.redoChain());
            assertEquals(PARENT, report.parent());
            assertNotEquals(PARENT, report.history());
            try (Engine opened = ShippedEngine.open(directory.resolve("restored"))) {
                assertEquals(mark, opened.state().applied());
                assertEquals(report.contents().orElseThrow(), opened.contents());
                assertEquals(report.term(), opened.state().term());
            }
        }
    }

    @Test
    void l9_aRestoreWithALogGoesOnPastWhatS3Has() {
        try (ShippedEngine leader = leader()) {
            leader.work(new Random(11), 100);
            long mark = leader.ship();
            leader.work(new Random(12), 60);
            long end = leader.engine().state().applied();
            assertTrue(end > mark);

            RestoreReport report = into("with-log").run(leader.survivor(mark - 5));

            assertEquals(end, report.lsn());
            assertEquals(end - mark, report.beyond());
            assertEquals(reference(leader, end), report.contents().orElseThrow());
            // The new history has all of its past in S3: it can be restored itself.
            RestoreReport again = into("again").run(Optional.of(report.history()), Optional.empty());
            assertEquals(end, again.lsn());
            assertEquals(report.contents(), again.contents());
            RestoreReport parent = restore("parent");
            assertEquals(end, parent.lsn(), "what was added is in the old history");
        }
    }

    @Test
    void l9_aRestoreWithALogNeedsNothingInS3() {
        try (ShippedEngine leader = leader()) {
            leader.work(new Random(13), 40);
            long end = leader.engine().state().applied();
            RestoreReport report = into("with-log").run(leader.survivor(0));
            assertEquals(end, report.lsn());
            assertEquals(reference(leader, end), report.contents().orElseThrow());
            assertEquals(end, restore("parent").lsn());
        }
    }

    @Test
    void aRestoreAtAnLsnWithinASegmentGivesExactlyThatState() {
        try (ShippedEngine leader = leader()) {
            leader.work(new Random(2), 100);
            long mark = leader.ship();
            for (long lsn : new long[] {0, 1, 7, mark / 2, mark - 1}) {
                RestoreReport report = into("at-" + lsn).run(Optional.of(PARENT), Optional.of(lsn));
                assertEquals(lsn, report.lsn());
                assertEquals(reference(leader, lsn), report.contents().orElseThrow());
            }
        }
    }

    @Test
    void h2_theRestoredClusterShipsOnInItsOwnHistoryAndNeverWritesAmongItsParents() {
        RestoreReport child;
        List<String> parents;
        try (ShippedEngine leader = leader()) {
            leader.work(new Random(3), 80);
            leader.ship();
            child = restore("child");
            leader.work(new Random(4), 40);
            leader.ship();
            parents = keysOf(PARENT);
        }
        HistoryRecord record = reader.history(child.history());
        assertEquals(PARENT, record.parent());
        assertEquals(child.lsn(), record.fork());
        assertEquals(child.history(), record.group(), "rule H1: a Raft group of its own");

        try (ShippedEngine next = new ShippedEngine(directory.resolve("child"), child.history(), store)) {
            assertEquals(child.lsn(), next.engine().state().shipped());
            assertTrue(next.engine().state().term() > child.term(), "rule H1: terms go on rising");
            next.work(new Random(5), 60);
            long mark = next.ship();
            assertTrue(mark > child.lsn());
            assertEquals(parents, keysOf(PARENT));

            RestoreReport grandchild = into("grandchild").run(Optional.of(child.history()), Optional.empty());
            assertEquals(mark, grandchild.lsn());
            assertEquals(next.engine().chainAt(mark).orElseThrow(), grandchild.redoChain());
            assertEquals(
                    List.of(PARENT, child.history(), grandchild.history()),
                    reader.lineage(grandchild.history()).stream()
                            .map(HistoryRecord::history)
                            .toList());
            RestoreReport again = into("before-fork").run(Optional.of(grandchild.history()), Optional.of(5L));
            assertEquals(5, again.lsn());
        }
    }

    private List<String> keysOf(String history) {
        return store.keys().stream().filter(k -> k.startsWith(history + "/")).toList();
    }

    @Test
    void aRestoredHistoryCanBeRestoredBeforeItHasShippedAnything() {
        try (ShippedEngine leader = leader()) {
            leader.work(new Random(6), 50);
            leader.ship();
        }
        RestoreReport child = restore("child");
        RestoreReport again = into("again").run(Optional.of(child.history()), Optional.empty());

        assertEquals(child.lsn(), again.lsn());
        assertEquals(child.contents(), again.contents());
        assertEquals(child.redoChain(), again.redoChain());
    }

    /** Its own log has not heard that it began when what is restored lies at or before its fork. */
    @Test
    void h2_aHistoryThatWasRestoredAtOrBelowItsParentsForkShipsOn() {
        RestoreReport child;
        try (ShippedEngine leader = leader()) {
            leader.work(new Random(6), 50);
            leader.ship();
            child = restore("child");
            shipsOn("at-fork", child.history(), child.lsn());
            shipsOn("below-fork", child.history(), child.lsn() - 20);
        }
        try (ShippedEngine leader = new ShippedEngine(directory.resolve("child"), child.history(), store)) {
            leader.work(new Random(7), 30);
            leader.ship();
        }
        shipsOn("before-it-began", child.history(), child.lsn() + 1);
        shipsOn("above-fork", child.history(), child.lsn() + 2);
    }

    /** Restores the history at the LSN; what is then written there can be shipped, viewed, restored and verified. */
    private void shipsOn(String name, String history, long lsn) {
        RestoreReport restored = into(name).run(Optional.of(history), Optional.of(lsn));
        assertEquals(lsn, restored.lsn());
        try (ShippedEngine next = new ShippedEngine(directory.resolve(name), restored.history(), store)) {
            next.work(new Random(lsn), 15);
            StorageEngine.State early = next.engine().state();
            next.work(new Random(lsn), 45);
            long mark = next.ship();
            assertTrue(mark > lsn + 40, mark + " after " + lsn);

            RestoreReport again = into(name + "-again").run(Optional.of(restored.history()), Optional.empty());
            assertEquals(mark, again.lsn());
            assertEquals(next.engine().chainAt(mark).orElseThrow(), again.redoChain());
            Path scratch = directory.resolve(name + "-view");
            try (View view = View.open(
                    reader, restored.history(), early.applied(), () -> ShippedEngine.open(scratch), p -> {})) {
                assertEquals(early.redoChain(), view.state().redoChain());
            }
            VerifyReport verified = new VerifyHistory(store, p -> {})
                    .replaying(
                            restored.history(),
                            Optional.empty(),
                            () -> ShippedEngine.open(directory.resolve(name + "-verify")));
            assertEquals(List.of(), verified.problems());
            assertEquals(
                    next.engine().chainAt(mark).orElseThrow(),
                    verified.replayed().redoChain());
        }
    }

    @Test
    void ofSeveralHistoriesOneMustBeNamed() {
        TidemarkException none =
                assertThrows(TidemarkException.class, () -> into("x").run(Optional.empty(), Optional.empty()));
        assertEquals(ErrorKind.NOT_FOUND, none.kind());
        try (ShippedEngine leader = leader()) {
            leader.work(new Random(7), 20);
            leader.ship();
        }
        RestoreReport child = restore("child");

        TidemarkException several =
                assertThrows(TidemarkException.class, () -> into("y").run(Optional.empty(), Optional.empty()));
        assertEquals(ErrorKind.INVALID, several.kind());
        assertTrue(several.getMessage().contains(PARENT), several.getMessage());
        assertTrue(several.getMessage().contains(child.history()), several.getMessage());
    }

    @Test
    void anUnknownHistoryALaterLsnAndAUsedDirectoryAreRefusedAndNothingIsBegun() {
        try (ShippedEngine leader = leader()) {
            leader.work(new Random(8), 20);
            long mark = leader.ship();
            List<String> keys = store.keys();

            refused(ErrorKind.NOT_FOUND, "unknown", Optional.of("no-such"), Optional.empty());
            refused(ErrorKind.INVALID, "later", Optional.of(PARENT), Optional.of(mark + 1));
            try (StorageEngine used = ShippedEngine.open(directory.resolve("used"))) {
                used.apply(leader.logged(0));
            }
            refused(ErrorKind.INVALID, "used", Optional.of(PARENT), Optional.empty());
            assertEquals(keys, store.keys());
        }
    }

    private void refused(ErrorKind kind, String name, Optional<String> source, Optional<Long> lsn) {
        TidemarkException found =
                assertThrows(TidemarkException.class, () -> into(name).run(source, lsn));
        assertEquals(kind, found.kind(), found.getMessage());
    }

    @Test
    void x3_aChildPutsItsRecordFirstAndFailsWhenTheParentsFloorHasPassedItsBase() {
        try (ShippedEngine leader = leader()) {
            leader.work(new Random(9), 60);
            leader.ship();
        }
        String record = "00000000-0000-4000-8000-00000000000c/history.json";
        Manifest newest = reader.newestManifest(PARENT).orElseThrow();
        Restore slow = new Restore(
                store,
                () -> ShippedEngine.open(
                        directory.resolve("slow-" + store.keys().size())),
                () -> "00000000-0000-4000-8000-00000000000c",
                Pace.system(),
                p -> {
                    assertTrue(store.keys().contains(record), "before anything is read");
                    raiseFloor(newest);
                });
        RestoreReport raced = slow.run(Optional.of(PARENT), Optional.of(3L));
        assertEquals(3, raced.lsn(), "its record held what it needs when the floor rose");
        assertEquals(-1, reader.newestManifest(raced.history()).orElseThrow().floor());
        store.lose(record);

        TidemarkException found =
                assertThrows(TidemarkException.class, () -> slow.run(Optional.of(PARENT), Optional.of(3L)));

        assertEquals(ErrorKind.NOT_FOUND, found.kind());
        assertTrue(found.getMessage().contains("kept from LSN 10"), found.getMessage());
        assertFalse(store.keys().contains(record), "it holds on to nothing");
    }

    /** It would hold on to its parent's past for ever. */
    @Test
    void x3_aRecordWhosePutGaveNoClearAnswerIsTakenBack() {
        try (ShippedEngine leader = leader()) {
            leader.work(new Random(14), 30);
            leader.ship();
        }
        List<String> keys = store.keys();
        store.faults(new SimulatedObjectStore.Faults(0, 100, 0, 0), new Random(15));

        refused(ErrorKind.UNAVAILABLE, "unclear", Optional.of(PARENT), Optional.of(3L));

        assertEquals(keys, store.keys());
    }

    @Test
    void aRecordOfAnotherUnderTheSameIdStays() {
        try (ShippedEngine leader = leader()) {
            leader.work(new Random(14), 30);
            leader.ship();
        }
        HistoryRecord theirs = new HistoryRecord("taken", "", -1, "taken", 0);
        store.putIfAbsent(theirs.key(), theirs.encode());
        List<String> keys = store.keys();
        Restore restore = new Restore(
                store, () -> ShippedEngine.open(directory.resolve("x")), () -> "taken", Pace.system(), p -> {});

        TidemarkException found =
                assertThrows(TidemarkException.class, () -> restore.run(Optional.of(PARENT), Optional.of(3L)));

        assertEquals(ErrorKind.CONFLICT, found.kind());
        assertEquals(keys, store.keys());
    }

    private void raiseFloor(Manifest newest) {
        Manifest raised = new Manifest(
                PARENT, newest.mark(), newest.n() + 1, newest.position(), newest.segment(), 10, newest.createdMillis());
        store.putIfAbsent(raised.key(), raised.encode());
    }

    @Test
    void withS3AwayARestoreFailsAndCanBeDoneAgain() {
        try (ShippedEngine leader = leader()) {
            leader.work(new Random(10), 40);
            leader.ship();
        }
        store.available(false);
        refused(ErrorKind.UNAVAILABLE, "away", Optional.of(PARENT), Optional.empty());
        store.available(true);
        assertTrue(restore("away").lsn() > 0);
    }
}
