package io.tidemark.engine.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import io.tidemark.engine.Engine;
import io.tidemark.engine.EngineOptions;
import io.tidemark.engine.Snapshot;
import io.tidemark.engine.StoreCheck;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.OtherProcess;
import io.tidemark.engine.log.EntryLimits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StoreTest {
    private static final String SPACE = "rows";

    /** 4 KiB pages, a pool of 8 MiB, no threads of its own; conflicts are soon told. */
    private static final StoreOptions OPTIONS = new StoreOptions(
            new EngineOptions(4096, 1024, 8 << 20, 1 << 20, 8 << 20, 64, 0, false),
            Durability.SYNC,
            Duration.ofSeconds(10),
            3);

    private static final Executor THREADS = task -> new Thread(task).start();

    @TempDir
    Path directory;

    private final AtomicLong clock = new AtomicLong(1_000_000);
    private Store store;
    private CompletableFuture<Void> closing;

    @BeforeEach
    void open() {
        Engine engine = Engine.open(directory, OPTIONS.engine(), new MetricRegistry(), Halt.THROW);
        store = Store.open(engine, OPTIONS, clock::get);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void whatIsPutIsReadUntilItIsDeleted() {
        store.put(SPACE, bytes("k"), bytes("v"));
        assertEquals("v", get("k"));
        assertTrue(store.delete(SPACE, bytes("k")));
        assertFalse(store.delete(SPACE, bytes("k")));
        assertEquals(null, get("k"));
    }

    @Test
    void aRangeGoesHoweverManyEntriesItTakes() {
        for (int i = 0; i < 300; i++) {
            store.put(SPACE, bytes(String.format("k%03d", i)), new byte[9_000], Durability.NONE);
        }
        store.deleteRange(SPACE, bytes("k010"), bytes("k290"));
        List<String> left = store.scan(SPACE, null, null, 1000, 1 << 20).rows().stream()
                .map(row -> new String(row.key(), UTF_8))
                .toList();
        assertEquals(20, left.size());
        assertEquals("k290", left.get(10));
        store.deleteRange(SPACE, null, null);
        assertEquals(null, get("k000"));
        store.engine().inspection().checkStructure();
    }

    @Test
    void transactChangesAllOrNothing() {
        store.put(SPACE, bytes("a"), bytes("1"));
        assertEquals("done", store.transact(tx -> {
            tx.put(SPACE, bytes("a"), bytes("2"));
            tx.delete(SPACE, bytes("b"));
            tx.put(SPACE, bytes("c"), bytes("2"));
            assertEquals("1", get("a"), "nobody else sees it yet");
            return "done";
        }));
        assertEquals("2 2", get("a") + " " + get("c"));
        IllegalStateException thrown = assertThrows(
                IllegalStateException.class,
                () -> store.transact(tx -> {
                    tx.put(SPACE, bytes("a"), bytes("3"));
                    throw new IllegalStateException("changed my mind");
                }));
        assertEquals("changed my mind", thrown.getMessage());
        assertEquals("2", get("a"));
        store.put(SPACE, bytes("a"), bytes("free again"));
    }

    @Test
    void aTransactionScansAndDeletesOverItsOwnChanges() {
        for (int i = 0; i < 600; i++) {
            store.put(SPACE, bytes(String.format("k%03d", i)), bytes("v"), Durability.NONE);
        }
        try (Transaction tx = store.begin()) {
            tx.put(SPACE, bytes("k100x"), bytes("mine"));
            assertEquals(
                    "k100x",
                    text(tx.scan(SPACE, bytes("k100x"), null, 1, 1000)
                            .rows()
                            .get(0)
                            .key()));
            assertEquals(501, tx.deleteRange(SPACE, bytes("k100"), null));
            assertEquals(0, tx.scan(SPACE, bytes("k1"), null, 10, 1000).rows().size());
            assertEquals(
                    500,
                    store.scan(SPACE, bytes("k1"), null, 1000, 1 << 20).rows().size());
            tx.commit();
        }
        assertEquals(100, store.scan(SPACE, null, null, 1000, 1 << 20).rows().size());
        assertTrue(store.engine().work().isEmpty(), "cleaned up");
        store.engine().inspection().checkStructure();
    }

    @Test
    void savepointsAreComeBackTo() {
        try (Transaction tx = store.begin()) {
            tx.put(SPACE, bytes("a"), bytes("1"));
            long point = tx.savepoint();
            tx.put(SPACE, bytes("a"), bytes("2"));
            tx.put(SPACE, bytes("b"), bytes("2"));
            tx.rollbackTo(point);
            store.put(SPACE, bytes("b"), bytes("somebody"));
            tx.put(SPACE, bytes("a"), bytes(text(tx.get(SPACE, bytes("a")).orElseThrow()) + "3"));
            tx.commit();
        }
        assertEquals("13 somebody", get("a") + " " + get("b"));
    }

    @Test
    void aBatchIsWrittenWholeAtOneLsnOrNotAtAll() {
        store.put(SPACE, bytes("gone"), bytes("1"));
        long lsn = store.write(new WriteBatch()
                .put(SPACE, bytes("a"), bytes("1"))
                .put(SPACE, bytes("a"), bytes("2"))
                .delete(SPACE, bytes("gone"))
                .delete(SPACE, bytes("never there")));
        assertEquals(lsn, store.lsn());
        assertEquals("2", get("a"));
        assertTrue(store.get(SPACE, bytes("gone")).isEmpty());
        WriteBatch second = new WriteBatch().put(SPACE, bytes("b"), bytes("1")).put(SPACE, bytes("held"), bytes("1"));
        try (Transaction tx = store.begin()) {
            tx.put(SPACE, bytes("held"), bytes("tx"));
            ConflictException conflict = assertThrows(ConflictException.class, () -> store.write(second));
            assertEquals(tx.id(), conflict.holder());
            assertTrue(store.get(SPACE, bytes("b")).isEmpty());
        }
        store.write(second, Durability.NONE);
        assertEquals("1 1", get("b") + " " + get("held"));
    }

    @Test
    void aBatchThatIsEmptyOrTooLargeIsRefusedByName() {
        TidemarkException empty = assertThrows(TidemarkException.class, () -> store.write(new WriteBatch()));
        assertEquals(ErrorKind.INVALID, empty.kind());
        WriteBatch large = new WriteBatch();
        for (int i = 0; i < 2000; i++) {
            large.put(SPACE, bytes("k" + i), bytes("v"));
        }
        String message =
                assertThrows(TidemarkException.class, () -> store.write(large)).getMessage();
        assertTrue(message.contains("smaller batches"), message);
        assertTrue(store.get(SPACE, bytes("k0")).isEmpty());
    }

    @Test
    void t1_aConflictIsToldAtOnceAndTheTransactionGoesOn() {
        try (Transaction one = store.begin();
                Transaction two = store.begin()) {
            one.put(SPACE, bytes("k"), bytes("1"));
            ConflictException conflict =
                    assertThrows(ConflictException.class, () -> two.put(SPACE, bytes("k"), bytes("2")));
            assertEquals(one.id(), conflict.holder());
            assertThrows(ConflictException.class, () -> two.getForUpdate(SPACE, bytes("k")));
            assertThrows(ConflictException.class, () -> two.lockRange(SPACE, null, null));
            two.put(SPACE, bytes("other"), bytes("2"));
            one.commit();
            two.put(SPACE, bytes("k"), bytes("2"));
            two.commit();
        }
        assertEquals("2", get("k"));
    }

    @Test
    void t1_aWriteToWhatHasChangedSinceItWasReadIsAConflict() {
        store.put(SPACE, bytes("k"), bytes("1"));
        try (Transaction tx = store.begin()) {
            assertEquals("1", text(tx.get(SPACE, bytes("k")).orElseThrow()));
            assertTrue(tx.get(SPACE, bytes("none")).isEmpty());
            store.put(SPACE, bytes("k"), bytes("somebody's"));
            store.put(SPACE, bytes("none"), bytes("somebody's"));
            assertThrows(ConflictException.class, () -> tx.put(SPACE, bytes("k"), bytes("lost update")));
            assertThrows(ConflictException.class, () -> tx.put(SPACE, bytes("none"), bytes("lost update")));
        }
        try (Transaction tx = store.begin()) {
            assertTrue(tx.get(SPACE, bytes("passing")).isEmpty());
            store.put(SPACE, bytes("passing"), bytes("somebody's"));
            store.delete(SPACE, bytes("passing"));
            tx.put(SPACE, bytes("passing"), bytes("absent, as it was read"));
            tx.commit();
        }
        AtomicInteger tries = new AtomicInteger();
        store.transact(tx -> {
            String found = text(tx.get(SPACE, bytes("k")).orElseThrow());
            if (tries.incrementAndGet() < 3) {
                store.put(SPACE, bytes("k"), bytes(found + "+"));
            }
            tx.put(SPACE, bytes("k"), bytes(found + "!"));
            return null;
        });
        assertEquals("somebody's++!", get("k"));
    }

    @Test
    void t2_whatACrashLeavesOpenIsTakenBackByNewEntriesBeforeTheStoreOpens() {
        store.put(SPACE, bytes("a"), bytes("old"));
        Transaction loser = store.begin();
        loser.put(SPACE, bytes("a"), bytes("new"));
        for (int i = 0; i < 300; i++) {
            loser.put(SPACE, bytes("made" + i), bytes("x".repeat(i * 20)));
        }
        Transaction winner = store.begin();
        winner.put(SPACE, bytes("w"), bytes("won"));
        winner.commit();
        long before = store.lsn();
        store.abandon();
        open();
        assertTrue(store.lsn() > before, "the losers' rollback has LSNs of its own");
        assertEquals(store.lsn(), store.durableLsn());
        assertEquals("old won null", get("a") + " " + get("w") + " " + get("made7"));
        assertTrue(store.engine().transactions().open().isEmpty());
        assertTrue(store.engine().work().isEmpty());
        store.put(SPACE, bytes("a"), bytes("free"));
        store.engine().inspection().checkStructure();
        assertThrows(TidemarkException.class, loser::commit);
    }

    @Test
    void t2_aSnapshotOpensAtADurableCommit() {
        store.put(SPACE, bytes("k"), bytes("1"), Durability.NONE);
        long commit = store.lsn();
        assertTrue(store.durableLsn() < commit);
        Transaction open = store.begin();
        open.put(SPACE, bytes("k"), bytes("2"));
        try (Snapshot snapshot = store.snapshot()) {
            assertTrue(store.durableLsn() >= commit);
            assertEquals("1", text(snapshot.get(SPACE, bytes("k")).orElseThrow().value()));
            open.commit();
            assertEquals("1", text(snapshot.get(SPACE, bytes("k")).orElseThrow().value()));
        }
        assertEquals("2", get("k"));
    }

    /** Readers see a commit before its owner has gone on to say so. */
    @Test
    @Timeout(60)
    void t2_aSnapshotWaitsForTheSyncOfACommitThatWasSeenJustNow() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        store.put(SPACE, bytes("k"), bytes("1"));
        reopen("engine.applies", () -> {
            seen.countDown();
            assertDoesNotThrow(() -> release.await());
        });
        CompletableFuture<Long> put =
                CompletableFuture.supplyAsync(() -> store.put(SPACE, bytes("k"), bytes("2"), Durability.NONE), THREADS);
        seen.await();
        try (Snapshot snapshot = store.snapshot()) {
            assertEquals("2", text(snapshot.get(SPACE, bytes("k")).orElseThrow().value()));
            assertTrue(
                    store.durableLsn() >= snapshot.lsn(),
                    store.durableLsn() + " is durable, " + snapshot.lsn() + " was shown");
        } finally {
            release.countDown();
        }
        put.get(30, TimeUnit.SECONDS);
    }

    /** It was refused, made durable all the same, and done twice by who repeated it. */
    @ParameterizedTest
    @EnumSource
    @Timeout(60)
    void aCommitThatWasAppliedWhenTheStoreIsClosedSaysSo(Durability durability) {
        reopen("engine.applies", this::closeBeside);
        assertDoesNotThrow(() -> store.put(SPACE, bytes("k"), bytes("1"), durability));
        closing.join();
        open();
        assertEquals("1", get("k"));
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(60)
    void whatBecomesOfACommitWhenTheStoreIsGivenUpIsNotKnown(Durability durability) {
        reopen("engine.applies", () -> store.abandon());
        TidemarkException found =
                assertThrows(TidemarkException.class, () -> store.put(SPACE, bytes("k"), bytes("1"), durability));
        assertEquals(ErrorKind.OUTCOME_UNKNOWN, found.kind());
    }

    @Test
    @Timeout(60)
    void aCommitSaysSoWhoseRowsTheClosedStoreLeavesToTheNextStart() {
        reopen("engine.wal.syncs", this::closeBeside);
        assertDoesNotThrow(() -> store.transact(tx -> {
            for (int i = 0; i < 300; i++) {
                tx.put(SPACE, bytes("k" + i), bytes("1"));
            }
            return null;
        }));
        closing.join();
        open();
        assertEquals("1 1", get("k0") + " " + get("k299"));
        assertTrue(store.engine().work().isEmpty());
    }

    /** Opens the store anew; after what the engine times by this name the step is taken, once. */
    private void reopen(String timer, Runnable step) {
        store.close();
        AtomicBoolean taken = new AtomicBoolean(true);
        MetricRegistry metrics = new MetricRegistry();
        metrics.register(timer, new Timer() {
            @Override
            public void update(long duration, TimeUnit unit) {
                super.update(duration, unit);
                if (taken.compareAndSet(false, true)) {
                    step.run();
                }
            }
        });
        store = Store.open(Engine.open(directory, OPTIONS.engine(), metrics, Halt.THROW), OPTIONS, clock::get);
        taken.set(false);
    }

    /** Returns when the engine lets nobody in any more; the close goes on. */
    private void closeBeside() {
        closing = CompletableFuture.runAsync(store::close, THREADS);
        while (isOpen()) {
            Thread.onSpinWait();
        }
    }

    private boolean isOpen() {
        try {
            store.engine().keyspaces();
            return true;
        } catch (TidemarkException e) {
            assertEquals(ErrorKind.UNAVAILABLE, e.kind());
            return false;
        }
    }

    @Test
    void e7_aTransactionWhoseOwnerIsSilentForTooLongIsTakenBack() {
        Transaction silent = store.begin();
        silent.put(SPACE, bytes("k"), bytes("silent"));
        clock.addAndGet(9_999);
        assertThrows(ConflictException.class, () -> {
            try (Transaction other = store.begin()) {
                other.put(SPACE, bytes("k"), bytes("other"));
            }
        });
        clock.addAndGet(1);
        store.put(SPACE, bytes("k"), bytes("other"));
        TidemarkException late = assertThrows(TidemarkException.class, silent::commit);
        assertEquals(ErrorKind.RETRY, late.kind());
        assertTrue(late.getMessage().contains("silent"), late::getMessage);
        assertThrows(TidemarkException.class, () -> silent.get(SPACE, bytes("k")));
        silent.close();
        assertEquals("other", get("k"));
    }

    @Test
    void misuseIsToldByName() {
        Transaction tx = store.begin();
        tx.commit();
        tx.close();
        assertInvalid("has ended", () -> tx.put(SPACE, bytes("k"), bytes("v")));
        assertInvalid("has ended", tx::commit);
        assertInvalid("inside of transact", () -> store.transact(outer -> store.transact(inner -> 1)));
        assertInvalid("no such savepoint", () -> {
            try (Transaction other = store.begin()) {
                other.rollbackTo(1);
            }
        });
        assertInvalid("1 to 2048 bytes", () -> store.put(SPACE, new byte[0], bytes("v")));
        assertInvalid("take keys of up to 1281", () -> store.put(SPACE, new byte[1282], bytes("v")));
        assertInvalid("sys.", () -> store.put("sys.undo", bytes("k"), bytes("v")));
        assertInvalid("too large", () -> store.put(SPACE, bytes("k"), new byte[EntryLimits.VALUE_BYTES_MAX]));
        Transaction left = store.begin();
        store.close();
        left.close();
        TidemarkException closed =
                assertThrows(TidemarkException.class, () -> store.put(SPACE, bytes("k"), bytes("v")));
        assertEquals(ErrorKind.UNAVAILABLE, closed.kind());
    }

    @Test
    void aStoreIsOpenOnce() throws Exception {
        Path place = directory.resolve("once");
        try (Store first = Store.open(place, OPTIONS)) {
            TidemarkException refused = assertThrows(TidemarkException.class, () -> Store.open(place, OPTIONS));
            assertEquals(ErrorKind.UNAVAILABLE, refused.kind());
            assertTrue(refused.getMessage().contains("open already"), refused::getMessage);
            assertThrows(TidemarkException.class, () -> StoreCheck.run(place, directory.resolve("scratch")));
            assertFalse(OtherProcess.locks(place), "a refused open gives the store away");
            first.put(SPACE, bytes("k"), bytes("v"));
        }
        try (Store again = Store.open(place, OPTIONS)) {
            assertTrue(again.get(SPACE, bytes("k")).isPresent());
        }
    }

    @Test
    void whatNobodyComparesIsNotKept() throws Exception {
        Path place = directory.resolve("chains");
        EngineOptions small = OPTIONS.engine().toBuilder().walFileBytes(4096).build();
        try (Store alone = Store.open(place, StoreOptions.of(small).withDurability(Durability.NONE))) {
            for (int i = 0; i < 400; i++) {
                alone.put(SPACE, bytes("k" + i % 10), bytes("v" + i));
            }
            alone.engine().checkpoint();
            long old = alone.lsn() - 200;
            assertTrue(alone.engine().chainAt(old).isEmpty());
            assertTrue(alone.engine().chainAt(alone.lsn()).isPresent());
            try (Stream<Path> files = Files.list(place.resolve("wal"))) {
                assertEquals(
                        List.of(),
                        files.filter(file -> !file.toString().endsWith(".wal")).toList());
            }
        }
    }

    @Test
    void tooManyOpenTransactionsAreRefused() {
        for (int i = 0; i < EntryLimits.TRANSACTIONS_MAX; i++) {
            store.begin();
        }
        TidemarkException refused = assertThrows(TidemarkException.class, () -> store.begin());
        assertEquals(ErrorKind.RETRY, refused.kind());
        assertTrue(refused.getMessage().contains("1024"), refused::getMessage);
    }

    private static void assertInvalid(String because, Runnable misuse) {
        TidemarkException e = assertThrows(TidemarkException.class, misuse::run);
        assertEquals(ErrorKind.INVALID, e.kind());
        assertTrue(e.getMessage().contains(because), e::getMessage);
    }

    private String get(String key) {
        return store.get(SPACE, bytes(key)).map(StoreTest::text).orElse(null);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }
}
