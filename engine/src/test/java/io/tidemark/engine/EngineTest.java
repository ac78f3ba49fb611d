package io.tidemark.engine;

import static io.tidemark.engine.EngineRig.bytes;
import static io.tidemark.engine.EngineRig.put;
import static io.tidemark.engine.EngineRig.value;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Precondition;
import io.tidemark.engine.log.Version;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EngineTest {
    private final EngineRig rig = new EngineRig(EngineRig.small());
    private final byte[] none = {};

    @Test
    void anEmptyStoreAnswersAndOpensAgain() {
        assertEquals(-1, rig.engine.state().applied());
        assertEquals(Optional.empty(), rig.engine.get("rows", bytes("a")));
        assertEquals(List.of(), rig.engine.scan("rows", null, null, 10, 100).rows());
        assertEquals(List.of(), rig.engine.keyspaces());
        assertEquals(0, rig.engine.contents().keys());
        rig.engine.checkpoint();
        rig.closeAndReopen();
        assertEquals(-1, rig.engine.state().applied());
    }

    @Test
    void aRedeliveredEntryIsSkippedAndAGapIsRefused() {
        LogEntry first = EngineRig.entry(0, List.of(put("a", "1")));
        assertEquals(1, rig.engine.apply(first).size());
        assertEquals(List.of(), rig.engine.apply(first));
        TidemarkException gap = assertThrows(
                TidemarkException.class, () -> rig.engine.apply(EngineRig.entry(2, List.of(put("a", "2")))));
        assertEquals(ErrorKind.INVALID, gap.kind());
        LogEntry stale = new LogEntry(1, 0, EntryKind.METADATA, none);
        assertEquals(
                ErrorKind.INVALID,
                assertThrows(TidemarkException.class, () -> rig.engine.apply(stale))
                        .kind());
        assertEquals("1", rig.get("a"));
    }

    @Test
    void aValueCanBeReadIntoMemoryOfTheCallers() {
        rig.apply(put("a", "12345"), put("large", value(1, 50_000)));
        ByteBuffer target = ByteBuffer.allocateDirect(60_000).position(3);
        assertEquals(5, rig.engine.getInto("rows", bytes("a"), target));
        assertEquals(8, target.position());
        assertEquals(50_000, rig.engine.getInto("rows", bytes("large"), target));
        assertEquals(50_008, target.position());
        byte[] both = new byte[50_005];
        target.flip().position(3).get(both);
        assertEquals("12345" + value(1, 50_000), EngineRig.text(both));

        ByteBuffer little = ByteBuffer.wrap(bytes("keep"));
        assertEquals(5, rig.engine.getInto("rows", bytes("a"), little));
        assertEquals(50_000, rig.engine.getInto("rows", bytes("large"), little));
        assertEquals(ByteBuffer.wrap(bytes("keep")), little);
        assertEquals(StorageEngine.ABSENT, rig.engine.getInto("rows", bytes("b"), little));
        assertEquals(StorageEngine.ABSENT, rig.engine.getInto("none", bytes("a"), little));
        assertEquals(StorageEngine.ABSENT, rig.engine.getInto("sys.state", bytes("a"), little));
        rig.engine.close();
        TidemarkException closed =
                assertThrows(TidemarkException.class, () -> rig.engine.getInto("rows", bytes("a"), little));
        assertEquals(ErrorKind.UNAVAILABLE, closed.kind());
    }

    @Test
    void aScanStopsAtItsLimitsAndSaysWhereToGoOn() {
        for (int i = 0; i < 9; i++) {
            rig.apply(put("k" + i, "12345678"));
        }
        StorageEngine.Scan byRows = rig.engine.scan("rows", bytes("k2"), bytes("k8"), 3, 1 << 20);
        assertEquals(3, byRows.rows().size());
        assertArrayEquals(bytes("k5"), byRows.nextKey());
        assertEquals(8, byRows.readLsn());
        StorageEngine.Scan byBytes = rig.engine.scan("rows", null, null, 100, 11);
        assertEquals(2, byBytes.rows().size());
        assertEquals(1, rig.engine.scan("rows", null, null, 100, 0).rows().size());
        StorageEngine.Scan rest = rig.engine.scan("rows", bytes("k5"), bytes("k8"), 3, 1 << 20);
        assertEquals(3, rest.rows().size());
        assertEquals(null, rest.nextKey());
        assertEquals(
                ErrorKind.INVALID,
                assertThrows(TidemarkException.class, () -> rig.engine.scan("rows", null, null, 0, 1))
                        .kind());
    }

    @Test
    void theSystemsTreesAreHidden() {
        rig.apply(put("a", "1"));
        assertEquals(List.of("rows"), rig.engine.keyspaces());
        assertTrue(rig.engine.inspection().trees().contains("sys.state"));
        assertEquals(
                List.of(), rig.engine.scan("sys.state", null, null, 10, 1000).rows());
        assertEquals(Optional.empty(), rig.engine.get("sys.state", bytes("time")));
        assertTrue(rig.engine
                        .inspection()
                        .scanTree("sys.state", null, null, 10, 1000)
                        .rows()
                        .size()
                > 0);
    }

    @Test
    void versionsAreOfTheCommandThatSetThem() {
        rig.apply(put("a", "1"), put("b", value(2, 5000)));
        rig.apply(put("c", "3"));
        assertEquals(
                new Version(0, 1),
                rig.engine.get("rows", bytes("b")).orElseThrow().version());
        assertEquals(1, rig.engine.get("rows", bytes("b")).orElseThrow().readLsn());
    }

    @Test
    void digestsTellContentsApartAndNothingElse() {
        EngineRig other = new EngineRig(EngineRig.options(64, 500));
        for (int i = 0; i < 100; i++) {
            rig.apply(put("k" + i, value(i, 100)));
            other.apply(put("k" + i, value(i, 100)));
        }
        rig.apply(new Operation.ObserveContents());
        other.apply(new Operation.ObserveContents());
        StorageEngine.ContentsDigest observed = rig.engine.contentsAt(100).orElseThrow();
        assertEquals(observed, other.engine.contentsAt(100).orElseThrow());
        assertEquals(observed, rig.engine.contents());
        assertEquals(100, observed.keys());
        assertEquals(Optional.empty(), rig.engine.contentsAt(99));
        rig.apply(new Operation.OpenSession());
        assertEquals(observed.sha256(), rig.engine.contents().sha256());
        rig.apply(new Operation.Put("other", bytes("k"), none, Precondition.NONE));
        assertNotEquals(observed.sha256(), rig.engine.contents().sha256());
    }

    @Test
    void aDamagedPageIsNeverServedAndHaltsTheWriter() {
        for (int i = 0; i < 40; i++) {
            rig.apply(put("k" + i, value(i, 100)));
        }
        rig.closeAndReopen();
        rig.store.pages.values().forEach(page -> page[page.length - 1] ^= 1);
        assertEquals(
                ErrorKind.CORRUPT,
                assertThrows(TidemarkException.class, () -> rig.get("k1")).kind());
        TidemarkException halted = assertThrows(TidemarkException.class, () -> rig.apply(put("k1", "x")));
        assertEquals(ErrorKind.FATAL, halted.kind());
        assertEquals(
                ErrorKind.FATAL,
                assertThrows(TidemarkException.class, () -> rig.apply(put("k2", "x")))
                        .kind());
    }

    @Test
    void aClosedEngineSaysSo() {
        rig.apply(put("a", "1"));
        rig.engine.close();
        rig.engine.close();
        assertEquals(
                ErrorKind.UNAVAILABLE,
                assertThrows(TidemarkException.class, () -> rig.get("a")).kind());
        assertTrue(rig.engine.requestSync().isCompletedExceptionally());
    }

    @Test
    void dataManyTimesThePoolIsHeldAndFound() {
        for (int i = 0; i < 2500; i++) {
            rig.apply(put("k" + i * 7919 % 2500, value(i * 7919 % 2500, 240)));
        }
        assertTrue(rig.engine.inspection().pageIds() > 5 * 128);
        for (int i = 0; i < 2500; i += 17) {
            assertEquals(value(i, 240), rig.get("k" + i));
        }
        assertEquals(2500, rig.rows().size());
        rig.engine.inspection().checkStructure();
        rig.powerOffAndReopen();
        rig.engine.inspection().checkStructure();
    }
}
