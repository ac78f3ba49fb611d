package io.tidemark.engine.state;

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
import io.tidemark.engine.log.Operation.CleanSlice;
import io.tidemark.engine.log.Operation.Commit;
import io.tidemark.engine.log.Operation.Delete;
import io.tidemark.engine.log.Operation.ExpireTransactions;
import io.tidemark.engine.log.Operation.HistoryStarted;
import io.tidemark.engine.log.Operation.LockKey;
import io.tidemark.engine.log.Operation.LockRange;
import io.tidemark.engine.log.Operation.Put;
import io.tidemark.engine.log.Operation.Rollback;
import io.tidemark.engine.log.Operation.RollbackSlice;
import io.tidemark.engine.log.Operation.RollbackTo;
import io.tidemark.engine.log.Operation.Savepoint;
import io.tidemark.engine.log.Precondition;
import io.tidemark.engine.log.Reply;
import io.tidemark.engine.log.Reply.Status;
import io.tidemark.engine.log.Version;
import io.tidemark.engine.page.Cell;
import io.tidemark.engine.txn.OpenTransactions;
import io.tidemark.engine.txn.Transaction;
import io.tidemark.engine.txn.TransactionLimits;
import io.tidemark.engine.txn.TransactionView;
import io.tidemark.engine.txn.UndoRow;
import io.tidemark.engine.txn.Visibility;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TransactionsTest {
    private static final String SPACE = "default";
    private static final int ALL = 100;

    private final MapTrees trees = new MapTrees();
    private CommandInterpreter interpreter = new CommandInterpreter(trees);
    private long lsn = -1;
    private long clock = 1000;

    @Test
    void t1_uncommittedChangesAreSeenByTheirOwnTransactionOnly() {
        apply(put("kept", "old"), put("gone", "old"));
        long tx = begin();
        ok(tx, put("kept", "new"));
        ok(tx, put("made", "new"));
        ok(tx, delete("gone"));
        assertEquals("new new null", seen(tx, "kept") + " " + seen(tx, "made") + " " + seen(tx, "gone"));
        assertEquals("old null old", seen(0, "kept") + " " + seen(0, "made") + " " + seen(0, "gone"));
        ok(tx, new Commit(0));
        assertEquals("new new null", seen(0, "kept") + " " + seen(0, "made") + " " + seen(0, "gone"));
    }

    @Test
    void t1_aTransactionsConditionsSeeItsOwnChanges() {
        long tx = begin();
        Version first = ok(tx, put("k", "1")).version();
        assertEquals(
                Status.CONDITION_FAILED,
                apply(tx, new Put(SPACE, bytes("k"), bytes("2"), Precondition.ABSENT))
                        .status());
        ok(tx, new Put(SPACE, bytes("k"), bytes("2"), new Precondition.VersionIs(first)));
        ok(tx, delete("k"));
        assertEquals(Status.NOT_FOUND, apply(tx, delete("k")).status());
        ok(tx, new Put(SPACE, bytes("k"), bytes("3"), Precondition.ABSENT));
        ok(tx, new Commit(ALL));
        assertEquals("3", seen(0, "k"));
    }

    @Test
    void t1_aWriteOrAConditionOnAKeyThatAnotherTransactionHoldsIsAConflictAtOnce() {
        apply(put("k", "old"));
        long one = begin();
        long two = begin();
        ok(one, put("k", "new"));
        for (Operation operation : List.of(
                put("k", "other"),
                delete("k"),
                new Put(SPACE, bytes("k"), bytes("x"), Precondition.ABSENT),
                new Put(SPACE, bytes("k"), bytes("x"), new Precondition.VersionIs(new Version(0, 0))))) {
            assertConflict(one, apply(two, operation));
            assertConflict(one, apply(0, operation));
        }
        assertConflict(one, apply(two, new LockKey(SPACE, bytes("k"))));
        assertConflict(one, apply(two, new LockRange(SPACE, bytes("a"), bytes("z"))));
        ok(two, new LockRange(SPACE, bytes("k0"), bytes("z")));
        ok(one, new Rollback(ALL));
        ok(two, put("k", "other"));
    }

    @Test
    void t1_aLockedRangeKeepsNewKeysOut() {
        long one = begin();
        ok(one, new LockRange(SPACE, bytes("b"), bytes("d")));
        assertConflict(one, apply(0, put("c", "phantom")));
        apply(put("d", "outside"), put("a", "outside"));
        long two = begin();
        assertConflict(one, apply(two, new LockRange(SPACE, null, null)));
        assertConflict(one, apply(two, put("b", "phantom")));
        ok(one, put("c", "mine"));
        ok(one, new Commit(ALL));
        ok(two, new LockRange(SPACE, null, null));
    }

    @Test
    void t1_aLockedKeyStaysAsItWasFound() {
        Version version = apply(0, put("k", "v")).version();
        long tx = begin();
        assertEquals(version, ok(tx, new LockKey(SPACE, bytes("k"))).version());
        assertEquals(Version.NONE, ok(tx, new LockKey(SPACE, bytes("none"))).version());
        assertConflict(tx, apply(0, put("k", "w")));
        assertConflict(tx, apply(0, put("none", "w")));
        ok(tx, put("k", "mine"));
        ok(tx, new Rollback(ALL));
        assertEquals("v", seen(0, "k"));
        assertEquals(version, trees.version(SPACE, bytes("k")).orElseThrow());
        assertNothingLeft();
    }

    @Test
    void t1_marksOfEndedTransactionsMeanNothing() {
        apply(put("a", "old"), put("b", "old"), put("c", "old"), put("d", "old"));
        long one = begin();
        ok(one, put("a", "one"));
        ok(one, delete("b"));
        ok(one, put("c", "one"));
        ok(one, delete("d"));
        assertEquals(4, ok(one, new Commit(0)).number());
        apply(put("a", "later"), put("b", "later"));
        long two = begin();
        assertEquals(Status.NOT_FOUND, apply(two, delete("d")).status());
        ok(two, put("c", "two"));
        ok(two, put("d", "two"));
        apply(0, new CleanSlice(one, 4, ALL));
        assertEquals("later later one null", seenAll(0));
        assertEquals("later later two two", seenAll(two));
        ok(two, new Rollback(ALL));
        assertEquals("later later one null", seenAll(0));
        assertNothingLeft();
    }

    @Test
    void rollbackRestoresValuesAndVersions() {
        Version version = apply(0, put("k", "old")).version();
        long tx = begin();
        ok(tx, put("k", "1"));
        ok(tx, put("k", "2"));
        ok(tx, delete("k"));
        ok(tx, put("made", "1"));
        assertEquals(2, trees.size(UndoRow.TREE), "one before-image per key");
        ok(tx, new Rollback(ALL));
        assertEquals("old", seen(0, "k"));
        assertEquals(version, trees.version(SPACE, bytes("k")).orElseThrow());
        assertEquals(Optional.empty(), trees.cell(SPACE, bytes("made")));
        assertNothingLeft();
        assertEquals(Status.NO_TRANSACTION, apply(tx, put("k", "3")).status());
    }

    @Test
    void aSavepointIsAPlaceToComeBackToAsOftenAsOneLikes() {
        apply(put("a", "0"), put("b", "0"));
        long tx = begin();
        ok(tx, put("a", "1"));
        long first = ok(tx, new Savepoint()).number();
        ok(tx, put("a", "2"));
        ok(tx, delete("b"));
        long second = ok(tx, new Savepoint()).number();
        ok(tx, put("a", "3"));
        ok(tx, put("b", "3"));
        ok(tx, put("c", "3"));
        assertEquals(0, ok(tx, new RollbackTo(second, ALL)).number());
        assertEquals("2 null null", seen(tx, "a") + " " + seen(tx, "b") + " " + seen(tx, "c"));
        ok(tx, put("b", "4"));
        ok(tx, new RollbackTo(first, ALL));
        assertEquals("1 0 null", seen(tx, "a") + " " + seen(tx, "b") + " " + seen(tx, "c"));
        assertEquals(Status.REFUSED, apply(tx, new RollbackTo(second, ALL)).status(), "it went with the first");
        assertEquals(Status.REFUSED, apply(tx, new RollbackTo(first - 1, ALL)).status(), "no savepoint");
        apply(0, put("b", "free again"));
        ok(tx, put("a", "5"));
        ok(tx, new RollbackTo(first, ALL));
        assertEquals("0", seen(0, "a"));
        ok(tx, new Commit(ALL));
        assertEquals("1 free again", seen(0, "a") + " " + seen(0, "b"));
        assertNothingLeft();
    }

    @Test
    void aGhostOfOnesOwnComesBackAsAGhost() {
        apply(put("k", "old"));
        long tx = begin();
        ok(tx, delete("k"));
        long point = ok(tx, new Savepoint()).number();
        ok(tx, put("k", "new"));
        ok(tx, new RollbackTo(point, ALL));
        assertEquals("null old", seen(tx, "k") + " " + seen(0, "k"));
        ok(tx, new Rollback(ALL));
        assertEquals("old", seen(0, "k"));
        assertNothingLeft();
    }

    @Test
    void e6_aLongRollbackGoesOnInSlicesThatApplyOnce() {
        for (int i = 0; i < 10; i++) {
            apply(put("k" + i, "old"));
        }
        long tx = begin();
        for (int i = 0; i < 10; i++) {
            ok(tx, put("k" + i, "new"));
        }
        assertEquals(7, ok(tx, new Rollback(3)).number());
        assertEquals(Status.NO_TRANSACTION, apply(tx, put("k0", "late")).status());
        assertConflict(tx, apply(0, put("k6", "stranger")));
        ok(0, put("k7", "free"));
        assertEquals("old", seen(0, "k6"));
        restart();
        assertConflict(tx, apply(0, put("k6", "stranger")));
        assertEquals(new RollbackSlice(tx, 7, ALL), work());
        RollbackSlice small = new RollbackSlice(tx, 7, 5);
        assertEquals(2, ok(0, small).number());
        assertEquals(Status.REFUSED, apply(0, small).status(), "proposed again by a new leader");
        assertEquals(0, ok(0, work()).number());
        assertNull(work());
        assertEquals("old free", seen(0, "k6") + " " + seen(0, "k7"));
        assertNothingLeft();
    }

    @Test
    void e6_aLongCommitIsEverybodysAtOnceAndCleanedUpInSlices() {
        long tx = begin();
        for (int i = 0; i < 10; i++) {
            ok(tx, put("k" + i, "new"));
        }
        assertEquals(8, ok(tx, new Commit(2)).number());
        assertEquals("new", seen(0, "k1"));
        restart();
        assertEquals("new", seen(0, "k1"));
        ok(0, put("k1", "next"));
        while (work() != null) {
            ok(0, work());
        }
        assertEquals("next", seen(0, "k1"));
        assertNothingLeft();
    }

    @Test
    void e6_aRollbackToASavepointInSlicesKeepsItsOwnerWaiting() {
        long tx = begin();
        ok(tx, put("a", "1"));
        long point = ok(tx, new Savepoint()).number();
        ok(tx, put("a", "2"));
        ok(tx, put("b", "2"));
        ok(tx, put("c", "2"));
        assertEquals(2, ok(tx, new RollbackTo(point, 1)).number());
        assertConflict(tx, apply(tx, put("a", "3")));
        restart();
        ok(0, work());
        ok(tx, put("b", "3"));
        ok(tx, new Commit(ALL));
        assertEquals("1 3 null", seen(0, "a") + " " + seen(0, "b") + " " + seen(0, "c"));
        assertNothingLeft();
    }

    @Test
    void e7_aSilentOwnersTransactionIsEndedByAnEntryAndByTheLogsClock() {
        long silent = begin(5000);
        long busy = begin(5000);
        ok(silent, put("a", "silent"));
        ok(busy, put("b", "busy"));
        clock = 4000;
        ok(busy, put("b", "busy"));
        assertEquals(6000, interpreter.transactions().nextDeadlineMillis().orElseThrow());
        clock = 5999;
        apply(0, new ExpireTransactions(99_999));
        ok(busy, put("b", "busy"));
        assertNull(work(), "nothing expires past the log's own clock");
        clock = 6000;
        apply(0, new ExpireTransactions(5_999));
        assertNull(work());
        apply(0, new ExpireTransactions(6_000));
        assertEquals(Status.NO_TRANSACTION, apply(silent, put("a", "late")).status());
        ok(0, work());
        assertEquals("null", seen(0, "a"));
        ok(busy, new Commit(ALL));
        assertEquals("busy", seen(0, "b"));
        assertNothingLeft();
    }

    @Test
    void h2_aNewHistoryRollsBackEveryOpenTransaction() {
        apply(put("a", "old"));
        long one = begin();
        long two = begin();
        long empty = begin();
        ok(one, put("a", "one"));
        ok(two, put("b", "two"));
        apply(0, new HistoryStarted("child", "parent", 0));
        for (long tx : List.of(one, two, empty)) {
            assertEquals(Status.NO_TRANSACTION, apply(tx, new Commit(0)).status());
        }
        assertConflict(one, apply(0, put("a", "early")));
        while (work() != null) {
            ok(0, work());
        }
        assertEquals("old null", seen(0, "a") + " " + seen(0, "b"));
        assertNothingLeft();
    }

    @Test
    void p7_openTransactionsAndTheirLocksAreRowsOfSystemTreesAndNothingElse() {
        apply(put("a", "old"));
        long one = begin();
        ok(one, put("a", "one"));
        ok(one, new LockKey(SPACE, bytes("k")));
        ok(one, new LockRange(SPACE, bytes("m"), bytes("n")));
        long point = ok(one, new Savepoint()).number();
        ok(one, put("a", "more"));
        restart();
        long two = begin();
        assertTrue(two > one, "an id is never given out again");
        assertConflict(one, apply(two, put("a", "x")));
        assertConflict(one, apply(two, put("k", "x")));
        assertConflict(one, apply(two, put("m1", "x")));
        ok(one, new RollbackTo(point, ALL));
        assertEquals("one", seen(one, "a"));
        ok(one, new Rollback(ALL));
        ok(two, put("m1", "x"));
        assertEquals("old", seen(0, "a"));
    }

    @Test
    void limitsAreAnsweredAndChangeNothing() {
        interpreter = new CommandInterpreter(trees, new TransactionLimits(2, 400, 3, 1));
        long one = begin();
        long two = begin();
        assertLimit(2, apply(0, new Begin(1000)));
        apply(put("large", "x".repeat(400)));
        assertLimit(400, apply(one, put("large", "y")));
        ok(0, put("large", "still free"));
        ok(one, new LockKey(SPACE, bytes("a")));
        ok(two, new LockKey(SPACE, bytes("b")));
        ok(two, new LockKey(SPACE, bytes("c")));
        assertLimit(3, apply(one, put("d", "y")));
        ok(one, put("a", "y"));
        ok(two, new LockRange(SPACE, bytes("m"), null));
        assertLimit(1, apply(one, new LockRange(SPACE, bytes("e"), bytes("f"))));
        ok(one, new Commit(ALL));
        begin();
    }

    private void assertConflict(long holder, Reply reply) {
        assertEquals(Status.CONFLICT, reply.status());
        assertEquals(holder, reply.number());
    }

    private static void assertLimit(long limit, Reply reply) {
        assertEquals(Status.LIMIT, reply.status());
        assertEquals(limit, reply.number());
    }

    private void assertNothingLeft() {
        assertEquals(0, trees.size(UndoRow.TREE));
        assertEquals(0, trees.size(Transaction.TREE));
        assertTrue(interpreter.transactions().open().isEmpty());
        trees.scan(SPACE, null, null, (key, value) -> {
            Cell cell = trees.cell(SPACE, key).orElseThrow();
            assertEquals(0, cell.flags(), "a mark or a ghost is left");
            return true;
        });
    }

    /** What the log's owner should propose next. */
    private Operation work() {
        TransactionView.Unfinished next = interpreter.transactions().unfinished();
        if (next == null) {
            return null;
        }
        return next.committed()
                ? new CleanSlice(next.transaction(), next.from(), ALL)
                : new RollbackSlice(next.transaction(), next.from(), ALL);
    }

    private void restart() {
        interpreter = new CommandInterpreter(trees);
    }

    private long begin() {
        return begin(60_000);
    }

    private long begin(long timeoutMillis) {
        return ok(0, new Begin(timeoutMillis)).number();
    }

    private Reply ok(long tx, Operation operation) {
        Reply reply = apply(tx, operation);
        assertEquals(Status.OK, reply.status(), operation.toString());
        return reply;
    }

    private Reply apply(long tx, Operation operation) {
        return apply(new Command(null, tx, operation)).get(0);
    }

    private void apply(Operation... operations) {
        for (Operation operation : operations) {
            ok(0, operation);
        }
    }

    private List<Reply> apply(Command... commands) {
        byte[] payload = EntryCodec.encode(new Entry(clock, List.of(commands)));
        return interpreter.apply(new LogEntry(++lsn, 1, EntryKind.COMMANDS, payload));
    }

    private String seenAll(long own) {
        return seen(own, "a") + " " + seen(own, "b") + " " + seen(own, "c") + " " + seen(own, "d");
    }

    /** The value as a reader of this transaction sees it. */
    private String seen(long own, String key) {
        OpenTransactions open = interpreter.transactions().open();
        Visibility visibility = new Visibility(open, own, new Visibility.Undo() {
            @Override
            public Optional<Cell> row(byte[] undoKey) {
                return trees.cell(UndoRow.TREE, undoKey);
            }

            @Override
            public byte[] overflow(Cell cell) {
                return trees.overflow(cell);
            }
        });
        return trees.cell(SPACE, bytes(key))
                .flatMap(cell -> visibility.seesAsStored(cell.transaction())
                        ? Optional.of(cell).filter(c -> !c.isGhost()).map(Cell::content)
                        : visibility.before(cell.transaction(), cell.sequence()).map(Visibility.Seen::value))
                .map(value -> new String(value, StandardCharsets.UTF_8))
                .orElse("null");
    }

    private static Operation put(String key, String value) {
        return new Put(SPACE, bytes(key), bytes(value), Precondition.NONE);
    }

    private static Operation delete(String key) {
        return new Delete(SPACE, bytes(key), Precondition.NONE);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
