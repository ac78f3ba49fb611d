package io.tidemark.engine;

import static io.tidemark.engine.EngineRig.bytes;
import static io.tidemark.engine.EngineRig.delete;
import static io.tidemark.engine.EngineRig.put;
import static io.tidemark.engine.EngineRig.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Precondition;
import io.tidemark.engine.log.Reply;
import io.tidemark.engine.log.Reply.Status;
import io.tidemark.engine.log.Version;
import io.tidemark.engine.page.MetaPage;
import io.tidemark.engine.page.PageHeader;
import io.tidemark.engine.page.PageType;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The rules of the design that one engine alone can show. */
class EngineRulesTest {
    private final EngineRig rig = new EngineRig(EngineRig.small());

    @Test
    void e1_eachCommandIsCheckedAfterTheOneBeforeIsApplied() {
        Operation first = new Operation.Put(EngineRig.SPACE, bytes("k"), bytes("1"), Precondition.ABSENT);
        Operation second = new Operation.Put(EngineRig.SPACE, bytes("k"), bytes("2"), Precondition.ABSENT);
        Operation third = new Operation.Put(
                EngineRig.SPACE, bytes("k"), bytes("3"), new Precondition.VersionIs(new Version(0, 0)));
        List<Reply> replies = rig.apply(first, second, third);
        assertEquals(Reply.of(Status.OK, new Version(0, 0)), replies.get(0));
        assertEquals(Reply.of(Status.CONDITION_FAILED, new Version(0, 0)), replies.get(1));
        assertEquals(Reply.of(Status.OK, new Version(0, 2)), replies.get(2));
        assertEquals("3", rig.get("k"));
    }

    @Test
    void e2_aPoolBelowTwiceTheEntryBoundDoesNotOpen() {
        TidemarkException refusal = assertThrows(TidemarkException.class, () -> EngineRig.options(64, 127));
        assertEquals(ErrorKind.INVALID, refusal.kind());
    }

    @Test
    void e2_anEntryOfTheGreatestSizePassesThroughThePoolOfTheSmallest() {
        for (int round = 0; round < 20; round++) {
            rig.apply(put("large", value(round, 58 * 976)), put("k" + round, value(round, 200)));
            assertEquals(value(round, 58 * 976), rig.get("large"));
        }
        rig.killAndReopen();
        assertEquals(value(19, 58 * 976), rig.get("large"));
        rig.engine.inspection().checkStructure();
    }

    @Test
    void e2_anEntryPastTheBoundHaltsAndNothingIsServedAfterwards() {
        rig.apply(put("a", "1"));
        TidemarkException halted =
                assertThrows(TidemarkException.class, () -> rig.apply(put("large", value(1, 70 * 976))));
        assertEquals(ErrorKind.FATAL, halted.kind());
        assertEquals(
                ErrorKind.FATAL,
                assertThrows(TidemarkException.class, () -> rig.get("a")).kind());
        rig.killAndReopen();
        assertEquals("1", rig.get("a"));
        assertNull(rig.get("large"));
    }

    @Test
    void e4_repeatedHistoryChangesNothingThatIsThereAlready() {
        for (int i = 0; i < 60; i++) {
            rig.apply(put("k" + i, value(i, 100)), put("k" + i, value(i + 1, 90)), delete("k" + (i - 7)));
            if (i % 9 == 0) {
                rig.engine.flushStep();
            }
        }
        List<String> before = rig.pageBytes();
        for (int i = 0; i < 3; i++) {
            rig.killAndReopen();
            assertEquals(before, rig.pageBytes());
            rig.engine.flushStep();
        }
    }

    @Test
    void e6_pagesChangeByEntriesOnly() {
        for (int i = 0; i < 80; i++) {
            rig.apply(put("k" + i * 37 % 80, value(i, 120)), delete("k" + i));
        }
        List<String> before = rig.pageBytes();
        long chain = rig.engine.state().redoChain();
        rig.rows();
        rig.engine.contents();
        rig.engine.flushStep();
        rig.engine.checkpoint();
        rig.closeAndReopen();
        assertEquals(before, rig.pageBytes());
        assertEquals(chain, rig.engine.state().redoChain());
    }

    @Test
    void p1_aLivePageWithoutARowIsDamage() {
        rig.apply(put("a", value(1, 100)));
        rig.closeAndReopen();
        rig.store.pages.remove(rig.store.pages.lastKey());
        TidemarkException damage = assertThrows(TidemarkException.class, () -> rig.get("a"));
        assertEquals(ErrorKind.CORRUPT, damage.kind());
    }

    @Test
    void p6_aFreedPageIsGivenOutAgainFirst() {
        rig.apply(put("first", value(1, 3000)), put("second", value(2, 3000)));
        long pages = rig.engine.inspection().pageIds();
        rig.apply(delete("first"));
        assertEquals(4, MetaPage.freePages(rig.engine.inspection().page(0)));
        long head = MetaPage.freeHead(rig.engine.inspection().page(0));
        rig.apply(put("third", value(3, 900)));
        assertEquals(pages, rig.engine.inspection().pageIds());
        assertEquals(PageType.OVERFLOW, PageHeader.type(rig.engine.inspection().page(head)));
        assertEquals(2, PageHeader.lsn(rig.engine.inspection().page(head)));
        assertEquals(3, MetaPage.freePages(rig.engine.inspection().page(0)));
        rig.engine.inspection().checkStructure();
    }

    @Test
    void p6_aLargeValueIsFreedByChangingItsLastPageOnly() {
        rig.apply(put("large", value(1, 50_000)));
        rig.apply(delete("large"));
        long touched = IntStream.range(0, (int) rig.engine.inspection().pageIds())
                .filter(id -> PageHeader.lsn(rig.engine.inspection().page(id)) == 1)
                .count();
        assertEquals(3, touched, "meta page, leaf and the value's last page");
    }

    @Test
    void w3_theChainCoversLsnAndRedoAndNothingLocal() {
        EngineRig other = new EngineRig(EngineRig.options(64, 1000));
        for (int i = 0; i < 50; i++) {
            rig.apply(put("k" + i, value(i, 300)));
            other.apply(put("k" + i, value(i, 300)));
            if (i % 5 == 0) {
                rig.engine.flushStep();
            }
            if (i == 30) {
                other.killAndReopen();
            }
        }
        assertEquals(rig.engine.state().redoChain(), other.engine.state().redoChain());
        assertEquals(OptionalLong.of(rig.engine.state().redoChain()), rig.engine.chainAt(49));
        other.apply(put("k", "other"));
        rig.apply(put("k", "value"));
        assertFalse(rig.engine.state().redoChain() == other.engine.state().redoChain());
    }

    @Test
    void m2_durableIsWhatALossOfPowerLeaves() {
        rig.apply(put("a", "1"));
        rig.apply(put("b", "2"));
        assertEquals(-1, rig.engine.durableLsn());
        assertEquals(1, rig.engine.requestSync().join());
        rig.apply(put("c", "3"));
        assertEquals(1, rig.engine.durableLsn());
        rig.powerOffAndReopen();
        assertEquals(1, rig.engine.state().applied());
        assertEquals(1, rig.engine.durableLsn());
        assertEquals("2", rig.get("b"));
        assertNull(rig.get("c"));
    }

    @Test
    void m4_entriesOfTheConsensusLayerMoveTermAndChain() {
        rig.apply(put("a", "1"));
        long chain = rig.engine.state().redoChain();
        assertEquals(List.of(), rig.engine.apply(new LogEntry(1, 3, EntryKind.METADATA, new byte[0])));
        assertEquals(3, rig.engine.state().term());
        assertFalse(chain == rig.engine.state().redoChain());
        StorageEngine.State before = rig.engine.state();
        rig.killAndReopen();
        assertEquals(before.terms(), rig.engine.state().terms());
        assertEquals(before.redoChain(), rig.engine.state().redoChain());
        assertEquals(OptionalLong.of(1), rig.engine.state().termOf(0));
        assertEquals(OptionalLong.of(3), rig.engine.state().termOf(1));
    }

    @Test
    void p5_whatIsAppliedDuringAFlushIsNotInIt() {
        for (int i = 0; i < 6; i++) {
            rig.apply(put("k" + i, value(i, 150)));
        }
        boolean[] done = new boolean[1];
        rig.log.beforeSync = () -> {
            if (!done[0]) {
                done[0] = true;
                rig.apply(put("k1", "changed"), put("k2", "changed"), delete("k3"));
            }
        };
        long redoStart = rig.engine.flushStep().redoStart();
        assertTrue(done[0]);
        assertEquals(6, redoStart);
        rig.killAndReopen();
        assertEquals("changed", rig.get("k1"));
        assertEquals("changed", rig.get("k2"));
        assertNull(rig.get("k3"));
        assertEquals(value(5, 150), rig.get("k5"));
        rig.engine.inspection().checkStructure();
    }

    @Test
    void keysInAscendingOrderFillTheirPages() {
        List<Operation> puts = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            puts.add(put(String.format("k%06d", i), value(i, 66)));
            if (puts.size() == 10) {
                rig.apply(puts);
                puts.clear();
            }
        }
        // 960 bytes of room take 10 records of 15 + 7 + 66 and a slot of 8
        long leaves = IntStream.range(0, (int) rig.engine.inspection().pageIds())
                .filter(id -> PageHeader.type(rig.engine.inspection().page(id)) == PageType.LEAF)
                .count();
        assertTrue(leaves <= 1000 / 10 + 5, leaves + " leaves");
        rig.engine.inspection().checkStructure();
    }

    @Test
    void whatIsAllDeletedLeavesNothingButFreePages() {
        for (int i = 0; i < 300; i++) {
            rig.apply(put("k" + i, value(i, 200)));
        }
        long pages = rig.engine.inspection().pageIds();
        for (int i = 299; i >= 0; i--) {
            rig.apply(delete("k" + i * 7 % 300));
        }
        var report = rig.engine.inspection().checkStructure();
        assertEquals(pages, report.pages());
        assertEquals(4, report.pages() - report.freePages(), "meta page, catalog and two roots");
        assertTrue(rig.rows().isEmpty());
        assertEquals(List.of(EngineRig.SPACE), rig.engine.keyspaces());
    }
}
