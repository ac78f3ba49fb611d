package io.tidemark.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Entry;
import io.tidemark.engine.log.EntryCodec;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Precondition;
import io.tidemark.engine.log.Reply;
import io.tidemark.engine.log.Reply.Status;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Range deletes as entries of the log. */
class RangeDeleteTest {
    private final EngineRig rig = new EngineRig(EngineRig.options(256, 4096));

    @Test
    void e2_aRangeDeleteStaysWithinItsPagesAndSaysWhereToGoOn() {
        fill(3000, 100);
        int entries = 0;
        String from = "k000100";
        while (from != null) {
            long before = rig.changedPages();
            Reply reply = delete(from, "k002900", 60);
            assertEquals(Status.OK, reply.status());
            assertTrue(rig.changedPages() - before <= 62, (rig.changedPages() - before) + " pages");
            String next = reply.payload().length == 0 ? null : EngineRig.text(reply.payload());
            assertTrue(next == null || next.compareTo(from) > 0, next + " after " + from);
            from = next;
            entries++;
        }
        assertTrue(entries > 3, entries + " entries");
        assertEquals(200, rig.rows().size());
        rig.engine.inspection().checkStructure();
    }

    @Test
    void pagesInsideTheRangeGoWithoutARecordOfTheirsInTheRedo() {
        fill(3000, 100);
        long before = rig.redoBytes();
        assertEquals(0, delete("k000100", "k000900", 256).payload().length);
        long redo = rig.redoBytes() - before;
        assertTrue(redo < 800 * 6, redo + " B of redo for 800 records");
        assertEquals(2200, rig.rows().size());
    }

    @Test
    void largeValuesOfTheRangeGiveTheirPagesBack() {
        fill(20, 9000);
        long pages = rig.engine.inspection().checkStructure().overflowPages();
        assertTrue(pages >= 20 * 9, pages + " pages");
        assertEquals(0, delete(null, "k000019", 100).payload().length);
        assertTrue(rig.engine.inspection().checkStructure().overflowPages() <= 10);
        assertNotNull(rig.get("k000019"));
        assertNull(rig.get("k000018"));
    }

    @Test
    void aKeyspaceIsEmptiedAndFilledAgain() {
        fill(1000, 100);
        assertEquals(0, delete(null, null, 256).payload().length);
        assertEquals(0, rig.rows().size());
        rig.killAndReopen();
        fill(1000, 100);
        assertEquals(1000, rig.rows().size());
        rig.engine.inspection().checkStructure();
    }

    @Test
    void aKeyspaceThatDoesNotExistHasNothingToDelete() {
        assertEquals(Status.OK, delete(null, null, 256).status());
    }

    @Test
    void whatAnOpenTransactionHoldsIsAConflictAndNothingGoes() {
        fill(100, 100);
        long transaction = apply(Command.of(new Operation.Begin(60_000))).number();
        byte[] key = EngineRig.bytes("k000050");
        apply(Command.in(transaction, new Operation.Put(EngineRig.SPACE, key, new byte[0], Precondition.NONE)));
        Reply refused = delete("k000010", "k000060", 256);
        assertEquals(Status.CONFLICT, refused.status());
        assertEquals(transaction, refused.number());
        assertEquals(Status.OK, delete("k000010", "k000050", 256).status());
        assertEquals(60, rig.rows().size());
    }

    private void fill(int records, int valueBytes) {
        List<Operation> puts = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            puts.add(EngineRig.put(String.format("k%06d", i), EngineRig.value(i, valueBytes)));
            if (puts.size() == 10 || i == records - 1) {
                rig.apply(puts);
                puts.clear();
            }
        }
    }

    private Reply delete(String from, String to, int maxPages) {
        return apply(Command.of(new Operation.DeleteRange(
                EngineRig.SPACE,
                from == null ? null : EngineRig.bytes(from),
                to == null ? null : EngineRig.bytes(to),
                maxPages)));
    }

    private Reply apply(Command command) {
        long lsn = rig.engine.state().applied() + 1;
        byte[] payload = EntryCodec.encode(new Entry(1, List.of(command)));
        return rig.engine
                .apply(new LogEntry(lsn, 1, EntryKind.COMMANDS, payload))
                .get(0);
    }
}
