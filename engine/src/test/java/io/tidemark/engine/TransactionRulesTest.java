package io.tidemark.engine;

import static io.tidemark.engine.EngineRig.delete;
import static io.tidemark.engine.EngineRig.put;
import static io.tidemark.engine.EngineRig.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Entry;
import io.tidemark.engine.log.EntryCodec;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Operation.Begin;
import io.tidemark.engine.log.Operation.Commit;
import io.tidemark.engine.log.Operation.HistoryStarted;
import io.tidemark.engine.log.Operation.Rollback;
import io.tidemark.engine.log.Operation.Savepoint;
import io.tidemark.engine.log.Precondition;
import io.tidemark.engine.log.Reply;
import io.tidemark.engine.log.Reply.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the rules say of open transactions, on pages. */
class TransactionRulesTest {
    private static final int PAGE_BYTES = 1024;

    private final EngineRig rig = new EngineRig(EngineRig.options(2048, 4096));

    @Test
    void t3_aBeforeImageTakesOverTheLargeValueInsteadOfCopyingIt() {
        String old = value(1, 60_000);
        rig.apply(put("large", old));
        long tx = begin();
        long before = rig.changedPages();
        in(tx, delete("large"));
        assertTrue(rig.changedPages() - before < 12, "sixty pages were not read, copied or freed");
        assertNull(rig.get(tx, "large"));
        assertEquals(old, rig.get("large"), "read where the before-image has it");
        rig.engine.inspection().checkStructure();
        before = rig.changedPages();
        in(tx, new Rollback(10));
        assertTrue(rig.changedPages() - before < 12, "and they come back as they went");
        assertEquals(old, rig.get("large"));
        rig.engine.inspection().checkStructure();
    }

    @Test
    void t3_pagesOfLargeValuesAreFreeAgainWhicheverWayItEnds() {
        rig.apply(put("a", value(1, 30_000)), put("b", value(2, 30_000)));
        long pages = rig.engine.inspection().pageIds();
        for (int round = 0; round < 6; round++) {
            long tx = begin();
            in(tx, put("a", value(round, 30_000)));
            in(tx, new Savepoint());
            in(tx, put("a", value(round, 20_000)));
            in(tx, delete("b"));
            in(tx, put("c", value(round, 10_000)));
            in(tx, round % 2 == 0 ? new Rollback(10) : new Commit(10));
            rig.apply(put("b", value(2, 30_000)), delete("c"));
        }
        assertTrue(
                rig.engine.inspection().pageIds() < pages + 120,
                rig.engine.inspection().pageIds() + " pages after " + pages);
        rig.engine.inspection().checkStructure();
    }

    @Test
    void t3_aBeforeImageTooLargeForItsRowHasPagesOfItsOwn() {
        String space = "s".repeat(128);
        byte[] key = EngineRig.bytes("k".repeat(128));
        Operation old = new Operation.Put(space, key, EngineRig.bytes("x".repeat(110)), Precondition.NONE);
        rig.apply(old);
        long tx = begin();
        in(tx, new Operation.Delete(space, key, Precondition.NONE));
        assertEquals(110, rig.engine.get(space, key).orElseThrow().value().length);
        rig.engine.inspection().checkStructure();
        in(tx, new Rollback(10));
        assertEquals(110, rig.engine.get(space, key).orElseThrow().value().length);
        rig.engine.inspection().checkStructure();
    }

    @Test
    void t1_theDigestOfContentsCoversWhatIsCommitted() {
        rig.apply(put("a", "1"), put("b", "1"));
        String committed = rig.engine.contents().sha256();
        long tx = begin();
        in(tx, put("a", "2"));
        in(tx, delete("b"));
        in(tx, put("c", "2"));
        assertEquals(committed, rig.engine.contents().sha256());
        assertEquals(2, rig.engine.contents().keys());
        in(tx, new Rollback(1));
        assertEquals(committed, rig.engine.contents().sha256());
        finish();
        assertEquals(committed, rig.engine.contents().sha256());
    }

    @Test
    void t1_aSnapshotKeepsWhatAnOpenTransactionHidesEvenAfterItsCommit() {
        rig.apply(put("a", "1"), put("b", "1"));
        long tx = begin();
        in(tx, put("a", "2"));
        in(tx, delete("b"));
        try (Snapshot snapshot = rig.engine.snapshot()) {
            in(tx, new Commit(10));
            rig.apply(put("b", "3"));
            assertEquals("1", seen(snapshot, "a"));
            assertEquals("1", seen(snapshot, "b"));
        }
        assertEquals("2 3", rig.get("a") + " " + rig.get("b"));
    }

    @Test
    void e2_transactionsStayWithinTheirCost() {
        Random random = new Random(3);
        for (int i = 0; i < 300; i++) {
            applyWithinCost(List.of(Command.of(put(wide(i * 10), value(i, 200)))));
        }
        for (int round = 0; round < 12; round++) {
            long tx = begin();
            for (int i = 0; i < 12; i++) {
                List<Command> commands = new ArrayList<>();
                for (int n = 0; n < 6; n++) {
                    int length = random.nextInt(8) == 0 ? 3000 : random.nextInt(230);
                    String key = wide(random.nextInt(3000));
                    commands.add(Command.in(
                            tx, random.nextInt(3) == 0 ? delete(key) : put(key, value(random.nextInt(), length))));
                }
                commands.add(Command.in(tx, new Savepoint()));
                applyWithinCost(commands);
            }
            applyWithinCost(List.of(Command.in(tx, random.nextBoolean() ? new Commit(20) : new Rollback(20))));
            while (rig.engine.work().isPresent()) {
                applyWithinCost(List.of(Command.of(rig.engine.work().get())));
            }
        }
        rig.engine.inspection().checkStructure();
    }

    @Test
    void e2_h2_aNewHistoryOverManyOpenTransactionsStaysWithinItsCost() {
        for (int i = 0; i < 1024; i++) {
            long tx = begin();
            in(tx, put("k" + i, "v"));
        }
        applyWithinCost(List.of(Command.of(new HistoryStarted("child", "parent", 0))));
        finish();
        assertEquals(0, rig.engine.contents().keys());
        assertTrue(rig.engine.transactions().open().isEmpty());
    }

    @Test
    void e6_noPageChangesBetweenEntriesHoweverMuchIsLeftToDo() {
        long tx = begin();
        for (int i = 0; i < 50; i++) {
            in(tx, put("k" + i, value(i, 100)));
        }
        in(tx, new Rollback(0));
        List<String> pages = rig.pageBytes();
        rig.rows();
        rig.engine.checkpoint();
        rig.killAndReopen();
        assertEquals(pages, rig.pageBytes());
        finish();
        assertEquals(0, rig.rows().size());
    }

    private static String wide(int number) {
        return "x".repeat(110) + String.format("%08d", number);
    }

    private void applyWithinCost(List<Command> commands) {
        Entry entry = new Entry(1, commands);
        long before = rig.changedPages();
        apply(commands);
        long changed = rig.changedPages() - before;
        int cost = EntryCost.pagesFor(entry, PAGE_BYTES);
        assertTrue(changed <= cost, changed + " pages changed, " + cost + " foreseen");
    }

    private long begin() {
        return apply(List.of(Command.of(new Begin(60_000)))).get(0).number();
    }

    private void in(long tx, Operation operation) {
        Reply reply = apply(List.of(Command.in(tx, operation))).get(0);
        assertEquals(Status.OK, reply.status(), operation.toString());
    }

    /** Does what the log's owner has to do. */
    private void finish() {
        while (rig.engine.work().isPresent()) {
            apply(List.of(Command.of(rig.engine.work().get())));
        }
    }

    private List<Reply> apply(List<Command> commands) {
        long lsn = rig.engine.state().applied() + 1;
        return rig.engine.apply(
                new LogEntry(lsn, 1, EntryKind.COMMANDS, EntryCodec.encode(new Entry(1, List.copyOf(commands)))));
    }

    private static String seen(Snapshot snapshot, String key) {
        return EngineRig.text(snapshot.get(EngineRig.SPACE, EngineRig.bytes(key))
                .orElseThrow()
                .value());
    }
}
