package io.tidemark.engine;

import static io.tidemark.engine.EngineRig.put;
import static io.tidemark.engine.EngineRig.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The engine with its threads, and readers beside the writer. */
@Timeout(60)
class EngineThreadsTest {
    private static final int TOGETHER = 8;

    private final EngineRig rig = new EngineRig(EngineRig.threaded());

    @Test
    void e5_readersSeeTheStateOfACompleteEntry() throws Exception {
        write(0);
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService readers = Executors.newFixedThreadPool(4);
        try {
            List<CompletableFuture<Integer>> reading = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                reading.add(CompletableFuture.supplyAsync(() -> readUntil(done), readers));
            }
            for (int round = 1; round < 600; round++) {
                write(round);
            }
            done.set(true);
            for (CompletableFuture<Integer> reader : reading) {
                assertTrue(reader.get(30, TimeUnit.SECONDS) > 0);
            }
        } finally {
            done.set(true);
            readers.shutdown();
        }
        rig.engine.inspection().checkStructure();
        rig.engine.close();
    }

    /** Keys far apart, some with values of their own pages, among others that fill the pool. */
    private void write(int round) {
        List<Operation> puts = new ArrayList<>();
        for (int i = 0; i < TOGETHER; i++) {
            puts.add(put("t" + i, value(round, i == 3 ? 2000 : 100)));
            puts.add(put("s" + i + "/" + round, value(round, 150)));
        }
        rig.apply(puts.subList(0, 8));
        rig.apply(puts.subList(8, 16));
        rig.apply(puts.stream()
                .filter(p -> p instanceof Operation.Put put && put.key()[0] == 't')
                .toList());
    }

    private int readUntil(AtomicBoolean done) {
        int reads = 0;
        long lsn = 0;
        while (!done.get() || reads == 0) {
            StorageEngine.Scan scan = rig.engine.scan("rows", EngineRig.bytes("t"), null, 100, 1 << 20);
            TreeSet<String> rounds = new TreeSet<>();
            scan.rows().forEach(row -> rounds.add(EngineRig.text(row.value()).split("/")[0]));
            assertEquals(TOGETHER, scan.rows().size());
            boolean atEndOfRound = scan.readLsn() % 3 == 2;
            assertTrue(rounds.size() <= (atEndOfRound ? 1 : 2), "rounds " + rounds + " at " + scan.readLsn());
            assertTrue(scan.readLsn() >= lsn);
            lsn = scan.readLsn();
            reads++;
        }
        return reads;
    }

    @Test
    void e5_readersGoOnAtTheBoundaryBeforeWhileALongEntryIsApplied() throws Exception {
        rig.apply(put("k", "before"), put("other", "1"));
        CountDownLatch applying = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        rig.log.beforeAppend = () -> {
            applying.countDown();
            await(release);
        };
        List<Operation> many = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            many.add(put("k", "version " + i));
        }
        CompletableFuture<Void> entry = CompletableFuture.runAsync(() -> rig.apply(many), EngineRig.THREADS);
        assertTrue(applying.await(30, TimeUnit.SECONDS));
        assertEquals("before", rig.get("k"));
        assertEquals(2, rig.rows().size());
        try (Snapshot snapshot = rig.engine.snapshot()) {
            assertEquals(0, snapshot.lsn());
            assertFalse(entry.isDone());
            release.countDown();
            entry.get(30, TimeUnit.SECONDS);
            assertEquals("version 199", rig.get("k"));
            assertEquals(
                    "before",
                    EngineRig.text(snapshot.get("rows", EngineRig.bytes("k"))
                            .orElseThrow()
                            .value()));
        }
        rig.engine.close();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void closingWaitsForTheEntryInFlightAndHaltsNobody() throws Exception {
        CountDownLatch applying = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        rig.log.beforeAppend = () -> {
            applying.countDown();
            await(release);
        };
        CompletableFuture<TidemarkException> writer = CompletableFuture.supplyAsync(
                () -> {
                    TidemarkException refusal = null;
                    while (refusal == null) {
                        try {
                            rig.apply(put("k", "v" + rig.engine.state().applied()));
                        } catch (TidemarkException e) {
                            refusal = e;
                        }
                    }
                    return refusal;
                },
                EngineRig.THREADS);
        assertTrue(applying.await(30, TimeUnit.SECONDS));
        CompletableFuture<Void> closing = CompletableFuture.runAsync(rig.engine::close, EngineRig.THREADS);
        assertFalse(closing.isDone());
        release.countDown();
        closing.get(30, TimeUnit.SECONDS);
        assertEquals(ErrorKind.UNAVAILABLE, writer.get(30, TimeUnit.SECONDS).kind());
        long applied = rig.engine.state().applied();
        rig.open();
        assertEquals("v" + (applied - 1), rig.get("k"));
        rig.engine.close();
    }

    @Test
    void digestsThatTheLogAsksForAreOfTheirLsnWhateverIsAppliedMeanwhile() {
        EngineRig other = new EngineRig(EngineRig.options(64, 500));
        for (int i = 0; i < 200; i++) {
            rig.apply(put("k" + i, value(i, 100)));
            other.apply(put("k" + i, value(i, 100)));
        }
        rig.apply(new Operation.ObserveContents());
        for (int i = 0; i < 20; i++) {
            rig.apply(put("k" + i, "changed"));
        }
        other.apply(new Operation.ObserveContents());
        assertEquals(other.engine.contents(), rig.engine.contentsAt(200).orElseThrow());
        rig.engine.close();
    }

    @Test
    void m2_applyingDoesNotWaitForASync() throws Exception {
        CountDownLatch syncing = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        rig.apply(put("a", "1"));
        rig.log.beforeSync = () -> {
            syncing.countDown();
            await(release);
        };
        CompletableFuture<Long> synced = rig.engine.requestSync();
        assertTrue(syncing.await(30, TimeUnit.SECONDS));
        rig.apply(put("b", "2"));
        assertFalse(synced.isDone());
        assertEquals(-1, rig.engine.durableLsn());
        assertEquals("2", rig.get("b"));
        release.countDown();
        assertTrue(synced.get(30, TimeUnit.SECONDS) >= 0);
        assertTrue(rig.engine.requestSync().get(30, TimeUnit.SECONDS) >= 1);
        rig.engine.close();
    }

    @Test
    void redoWorkStaysBounded() {
        for (int i = 0; i < 2000; i++) {
            rig.apply(put("k" + i % 50, value(i, 200)));
            assertTrue(rig.redoBytes() <= rig.options.redoBytesMax() + 4096, "redo bytes " + rig.redoBytes());
        }
        rig.killAndReopen();
        assertEquals(value(1999, 200), rig.get("k49"));
        rig.engine.close();
    }
}
