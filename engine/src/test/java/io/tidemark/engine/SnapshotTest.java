package io.tidemark.engine;

import static io.tidemark.engine.EngineRig.bytes;
import static io.tidemark.engine.EngineRig.delete;
import static io.tidemark.engine.EngineRig.put;
import static io.tidemark.engine.EngineRig.text;
import static io.tidemark.engine.EngineRig.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.StorageEngine.ContentsDigest;
import io.tidemark.engine.StorageEngine.Row;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Entry;
import io.tidemark.engine.log.EntryCodec;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Precondition;
import io.tidemark.engine.log.Reply;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SnapshotTest {
    private final EngineRig rig = new EngineRig(EngineRig.options(64, 400));

    @Test
    void showsTheStateOfItsLsnWhateverIsApplied() {
        fill(100);
        TreeMap<String, String> before = rig.rows();
        ContentsDigest digest = rig.engine.contents();
        try (Snapshot snapshot = rig.engine.snapshot()) {
            for (int i = 0; i < 100; i++) {
                rig.apply(put(key(i), value(-i, 90)), delete(key(i * 7 % 100)), put("new" + i, value(i, 50)));
                if (i % 20 == 0) {
                    rig.engine.flushStep();
                }
            }
            rig.apply(new Operation.Put("other", bytes("k"), bytes("v"), Precondition.NONE));
            assertEquals(99, snapshot.lsn());
            assertEquals(before, rows(snapshot.open("rows", null, null, Direction.FORWARD)));
            assertEquals(before, rows(snapshot.open("rows", null, null, Direction.BACKWARD)));
            assertEquals(before.get(key(7)), get(snapshot, key(7)));
            assertEquals(null, get(snapshot, "new7"));
            assertEquals(List.of("rows"), snapshot.keyspaces());
            assertEquals(digest, snapshot.contents());
            assertEquals(List.of("other", "rows"), rig.engine.keyspaces());
        }
    }

    @Test
    void itsPagesGoWithIt() {
        fill(100);
        Snapshot older = rig.engine.snapshot();
        rewrite(50);
        Snapshot newer = rig.engine.snapshot();
        rewrite(100);
        TreeMap<String, String> seen = rows(older.open("rows", null, null, Direction.FORWARD));
        int both = rig.oldVersions();
        assertEquals(2, rig.gauge("engine.snapshots.open"));
        assertEquals(rig.engine.state().applied() - older.lsn(), rig.gauge("engine.snapshots.oldest.age"));
        newer.close();
        newer.close();
        int one = rig.oldVersions();
        assertTrue(one < both, one + " of " + both);
        assertEquals(seen, rows(older.open("rows", null, null, Direction.BACKWARD)));
        older.close();
        assertEquals(0, rig.oldVersions());
        assertEquals(0L, rig.gauge("engine.snapshots.oldest.age"));
        rewrite(10);
        assertEquals(0, rig.oldVersions(), "and none is made without one");
    }

    @Test
    void ofManyEachKeepsItsOwnState() {
        List<Snapshot> open = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            rig.apply(put("k", "v" + i), put(key(i), value(i, 100)));
            open.add(rig.engine.snapshot());
        }
        for (int i : new int[] {3, 0, 11, 4, 5}) {
            assertEquals("v" + i, get(open.get(i), "k"));
            open.get(i).close();
            for (int j = 0; j < 12; j++) {
                Snapshot other = open.get(j);
                if (j != i && isOpen(other)) {
                    assertEquals("v" + j, get(other, "k"));
                    assertEquals(
                            j + 2,
                            rows(other.open("rows", null, null, Direction.FORWARD))
                                    .size());
                }
            }
        }
        open.forEach(Snapshot::close);
        assertEquals(0, rig.oldVersions());
    }

    @Test
    void aCursorKeepsToItsRangeAndCanBePlaced() {
        fill(100);
        try (Snapshot snapshot = rig.engine.snapshot()) {
            rewrite(100);
            try (Cursor up = snapshot.open("rows", bytes(key(10)), bytes(key(20)), Direction.FORWARD);
                    Cursor down = snapshot.open("rows", bytes(key(10)), bytes(key(20)), Direction.BACKWARD)) {
                assertThrows(IllegalStateException.class, up::row);
                assertTrue(up.next());
                assertEquals(key(10), text(up.row().key()));
                assertTrue(up.seek(bytes(key(15) + "!")));
                assertEquals(key(16), text(up.row().key()));
                assertTrue(up.seek(bytes("a")));
                assertEquals(key(10), text(up.row().key()));
                assertFalse(up.seek(bytes(key(20))));
                assertTrue(down.next());
                assertEquals(key(19), text(down.row().key()));
                assertTrue(down.seek(bytes(key(15) + "!")));
                assertEquals(key(15), text(down.row().key()));
                assertTrue(down.seek(bytes(key(14))));
                assertEquals(key(14), text(down.row().key()));
                assertTrue(down.next());
                assertEquals(key(13), text(down.row().key()));
                assertTrue(down.seek(bytes("z")));
                assertEquals(key(19), text(down.row().key()));
                assertFalse(down.seek(bytes(key(9))));
            }
            assertFalse(snapshot.open("none", null, null, Direction.BACKWARD).next());
            assertFalse(
                    snapshot.open("sys.state", null, null, Direction.FORWARD).next());
        }
    }

    @Test
    void aCursorLendsWhatAReaderSeesAndNothingElse() {
        fill(100);
        TreeMap<String, String> expected = rig.rows();
        expected.put("large", value(1, 50_000));
        rig.apply(put("large", expected.get("large")));
        long transaction =
                commands(Command.of(new Operation.Begin(60_000))).get(0).number();
        commands(
                Command.in(transaction, put(key(3), "not yet")),
                Command.in(transaction, delete(key(50))),
                Command.in(transaction, put(key(4) + "new", "not yet")));
        try (Snapshot snapshot = rig.engine.snapshot()) {
            assertEquals(expected, rows(snapshot.open("rows", null, null, Direction.FORWARD)));
            assertEquals(expected, rows(snapshot.open("rows", null, null, Direction.BACKWARD)));
            Cursor cursor = snapshot.open("rows", null, null, Direction.FORWARD);
            assertThrows(IllegalStateException.class, cursor::key);
            assertTrue(cursor.next());
            assertTrue(cursor.key().isReadOnly() && cursor.value().isReadOnly());
            cursor.close();
            assertThrows(IllegalStateException.class, cursor::value);
            assertFalse(cursor.next());
        }
    }

    @Test
    void aSnapshotTooOldFailsByNameTheOldestFirst() {
        EngineRig small = new EngineRig(EngineRig.small());
        for (int i = 0; i < 400; i++) {
            small.apply(put(key(i), value(i, 100)));
        }
        Snapshot first = small.engine.snapshot();
        small.apply(put("k", "v"));
        Cursor cursor = first.open("rows", null, null, Direction.FORWARD);
        assertTrue(cursor.next());
        for (int i = 0; i < 400; i += 5) {
            small.apply(put(key(i), "changed"));
        }
        TidemarkException end = assertThrows(TidemarkException.class, () -> first.get("rows", bytes("k")));
        assertEquals(ErrorKind.SNAPSHOT_TOO_OLD, end.kind());
        assertTrue(
                end.getMessage().contains("LSN 399") && end.getMessage().contains("snapshotBytes"), end.getMessage());
        assertThrows(TidemarkException.class, () -> {
            while (cursor.next()) {
                assertEquals(100, cursor.row().value().length);
            }
        });
        try (Snapshot fresh = small.engine.snapshot()) {
            small.apply(put("k", "w"));
            assertEquals("v", get(fresh, "k"));
        }
        first.close();
        assertEquals(0, small.oldVersions());
        assertEquals(401, small.rows().size());
    }

    @Test
    void e2_anEntryOfTheGreatestSizePassesWhateverSnapshotsAreOpen() {
        EngineRig small = new EngineRig(EngineRig.small());
        List<Snapshot> open = new ArrayList<>();
        for (int round = 0; round < 20; round++) {
            small.apply(put("large", value(round, 58 * 976)), put("k" + round, value(round, 200)));
            open.add(small.engine.snapshot());
            small.engine.flushStep();
        }
        assertEquals(value(19, 58 * 976), small.get("large"));
        assertEquals(value(19, 58 * 976), get(open.get(19), "large"));
        open.forEach(Snapshot::close);
        small.killAndReopen();
        assertEquals(value(19, 58 * 976), small.get("large"));
        small.engine.inspection().checkStructure();
    }

    @Test
    void endsWhenItIsClosedAndWithTheEngine() {
        fill(10);
        Snapshot closed = rig.engine.snapshot();
        Snapshot open = rig.engine.snapshot();
        closed.close();
        assertEquals(
                ErrorKind.INVALID,
                assertThrows(TidemarkException.class, closed::keyspaces).kind());
        rig.engine.close();
        assertEquals(
                ErrorKind.UNAVAILABLE,
                assertThrows(TidemarkException.class, () -> get(open, "k")).kind());
        assertEquals(
                ErrorKind.UNAVAILABLE,
                assertThrows(TidemarkException.class, rig.engine::snapshot).kind());
        open.close();
    }

    @Test
    void anEmptyStoreHasOneToo() {
        try (Snapshot snapshot = rig.engine.snapshot()) {
            assertEquals(-1, snapshot.lsn());
            fill(3);
            assertEquals(null, get(snapshot, key(1)));
            assertEquals(List.of(), snapshot.keyspaces());
            assertEquals(0, snapshot.contents().keys());
        }
    }

    private void fill(int rows) {
        for (int i = 0; i < rows; i++) {
            rig.apply(put(key(i), value(i, 120)));
        }
    }

    private void rewrite(int rows) {
        for (int i = 0; i < rows; i++) {
            rig.apply(put(key(i), value(i + rig.engine.state().hashCode(), 110)));
        }
    }

    private static boolean isOpen(Snapshot snapshot) {
        try {
            snapshot.keyspaces();
            return true;
        } catch (TidemarkException e) {
            return false;
        }
    }

    private static String key(int i) {
        return String.format("key%04d", i);
    }

    private static String get(Snapshot snapshot, String key) {
        return snapshot.get("rows", bytes(key)).map(row -> text(row.value())).orElse(null);
    }

    private static TreeMap<String, String> rows(Cursor cursor) {
        TreeMap<String, String> rows = new TreeMap<>();
        while (cursor.next()) {
            Row row = cursor.row();
            assertEquals(text(row.key()), lent(cursor.key()));
            assertEquals(text(row.value()), lent(cursor.value()));
            assertEquals(row.version(), cursor.version());
            rows.put(text(row.key()), text(row.value()));
        }
        return rows;
    }

    private List<Reply> commands(Command... commands) {
        byte[] payload = EntryCodec.encode(new Entry(1_000, List.of(commands)));
        long lsn = rig.engine.state().applied() + 1;
        return rig.engine.apply(new LogEntry(lsn, 1, EntryKind.COMMANDS, payload));
    }

    private static String lent(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return text(copy);
    }
}
