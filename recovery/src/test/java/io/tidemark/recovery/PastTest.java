package io.tidemark.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.Snapshot;
import io.tidemark.engine.StorageEngine.Row;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Precondition;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.pace.Pace;
import io.tidemark.shipper.store.SimulatedObjectStore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was, at any LSN: as a view, restored, and read while it was there. */
class PastTest {
    private static final String HISTORY = "5b1e2a57-0000-4000-8000-000000000001";
    private static final String KEYSPACE = "files";

    /** More of it: -Dtidemark.long=true looks at more than a thousand LSNs. */
    private static final int RUNS = Boolean.getBoolean("tidemark.long") ? 130 : 5;

    private static final int LSNS_PER_RUN = 8;

    @TempDir
    Path directory;

    private int stores;

    /** A run of a leader, with the state after each of its entries. */
    private static final class Known implements AutoCloseable {
        final ShippedEngine leader;
        final TreeMap<Long, Map<String, String>> states = new TreeMap<>();
        final List<Snapshot> snapshots = new ArrayList<>();
        int checkpoints;
        private final Map<String, String> state = new TreeMap<>();
        private final Map<String, String> pending = new TreeMap<>();
        private long open = -1;

        Known(ShippedEngine leader) {
            this.leader = leader;
        }

        /** Puts and deletes, transactions that stay open for a while, terms, reads that stay open, segments and checkpoints. */
        void work(Random random, int entries) {
            int lastCheckpoint = 0;
            for (int i = 0; i < entries; i++) {
                String key = "key-" + random.nextInt(30);
                if (random.nextInt(8) == 0) {
                    leader.newTerm();
                } else if (random.nextInt(4) == 0) {
                    leader.delete(key);
                    state.remove(key);
                } else if (random.nextInt(4) == 0) {
                    transact(random);
                } else {
                    int bytes = random.nextInt(random.nextInt(12) == 0 ? 9_000 : 200);
                    leader.put(key, bytes);
                    state.put(key, key.repeat(1 + bytes / key.length()));
                }
                states.put(leader.engine().state().applied(), new TreeMap<>(state));
                if (random.nextInt(20) == 0) {
                    snapshots.add(leader.engine().snapshot());
                }
                if (random.nextInt(15) == 0) {
                    leader.ship();
                } else if (i - lastCheckpoint > 40 && random.nextInt(10) == 0) { // there is enough to ship by then
                    leader.checkpoint();
                    checkpoints++;
                    lastCheckpoint = i;
                }
            }
        }

        /** One command of the transaction that is open; its keys are its own, so that nobody waits. */
        private void transact(Random random) {
            if (open < 0) {
                open = ByteBuffer.wrap(
                                leader.commit(new Operation.Begin(3_600_000)).payload())
                        .getLong();
                return;
            }
            int what = random.nextInt(6);
            if (what > 1) {
                String key = "tx-" + random.nextInt(5);
                String value = "v" + pending.size() + "-" + open;
                leader.within(
                        open,
                        new Operation.Put(
                                KEYSPACE,
                                key.getBytes(StandardCharsets.UTF_8),
                                value.getBytes(StandardCharsets.UTF_8),
                                Precondition.NONE));
                pending.put(key, value);
                return;
            }
            leader.within(open, what == 0 ? new Operation.Commit(0) : new Operation.Rollback(1_000));
            if (what == 0) {
                state.putAll(pending);
            }
            pending.clear();
            open = -1;
        }

        /** The state at an LSN: that of the last entry of the run up to it. */
        Map<String, String> at(long lsn) {
            Map.Entry<Long, Map<String, String>> last = states.floorEntry(lsn);
            return last == null ? Map.of() : last.getValue();
        }

        @Override
        public void close() {
            snapshots.forEach(Snapshot::close);
            leader.close();
        }
    }

    private View view(HistoryReader reader, long lsn) {
        Path scratch = directory.resolve("view-" + stores++);
        return View.open(reader, HISTORY, lsn, () -> ShippedEngine.open(scratch), p -> {});
    }

    private static Map<String, String> rows(List<Row> rows) {
        Map<String, String> state = new TreeMap<>();
        rows.forEach(row -> state.put(
                new String(row.key(), StandardCharsets.UTF_8), new String(row.value(), StandardCharsets.UTF_8)));
        return state;
    }

    @Test
    void viewsRestoresAndReadsAtAnLsnAgreeWithWhatWasWritten() {
        int checkpoints = 0;
        for (int run = 0; run < RUNS; run++) {
            long seed = new Random().nextLong();
            try {
                checkpoints += agree(seed);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        System.out.println(RUNS * LSNS_PER_RUN + " LSNs viewed and restored, " + checkpoints + " checkpoints");
        assertTrue(checkpoints > 0);
    }

    @Test
    void h2_aViewShowsNothingOfATransactionThatWasOpen() {
        SimulatedObjectStore store = new SimulatedObjectStore();
        try (ShippedEngine leader = new ShippedEngine(directory.resolve("open"), HISTORY, store)) {
            leader.put("a", 1);
            long id = ByteBuffer.wrap(
                            leader.commit(new Operation.Begin(3_600_000)).payload())
                    .getLong();
            leader.within(id, new Operation.Put(KEYSPACE, new byte[] {'b'}, new byte[] {'1'}, Precondition.NONE));
            leader.within(id, new Operation.Delete(KEYSPACE, new byte[] {'a'}, Precondition.NONE));
            for (int segment = 0; segment < 10; segment++) {
                leader.put("c", 100);
                leader.ship();
            }
            leader.checkpoint();
            long before = leader.ship();
            leader.within(id, new Operation.Commit(0));
            long after = leader.ship();
            HistoryReader reader = new HistoryReader(store);
            try (View view = view(reader, before)) {
                assertEquals(Set.of("a", "c"), rows(view).keySet());
            }
            try (View view = view(reader, after)) {
                assertEquals(Set.of("b", "c"), rows(view).keySet());
            }
        }
    }

    private static Map<String, String> rows(View view) {
        return rows(view.scan(KEYSPACE, null, null, 1_000, 1 << 20).rows());
    }

    /** How many checkpoints there were. */
    private int agree(long seed) {
        Random random = new Random(seed);
        SimulatedObjectStore store = new SimulatedObjectStore();
        HistoryReader reader = new HistoryReader(store);
        try (Known known = new Known(new ShippedEngine(directory.resolve("run-" + stores++), HISTORY, store))) {
            known.work(random, 120);
            long mark = known.leader.ship();
            for (Snapshot snapshot : known.snapshots) {
                assertEquals(
                        known.at(snapshot.lsn()),
                        rows(snapshot.scan(KEYSPACE, null, null, 1_000, 1 << 20).rows()),
                        "read at LSN " + snapshot.lsn());
            }
            for (int i = 0; i < LSNS_PER_RUN; i++) {
                long lsn = random.nextLong(mark + 1);
                try (View view = view(reader, lsn)) {
                    assertEquals(lsn, view.state().applied());
                    assertEquals(known.at(lsn), rows(view), "viewed at LSN " + lsn);
                    Path restored = directory.resolve("restored-" + stores++);
                    RestoreReport report = new Restore(
                                    store,
                                    () -> ShippedEngine.open(restored),
                                    () -> UUID.randomUUID().toString(),
                                    Pace.system(),
                                    p -> {})
                            .run(Optional.of(HISTORY), Optional.of(lsn));
                    assertEquals(report.contents().orElseThrow(), view.contents(), "restored to LSN " + lsn);
                    assertEquals(report.redoChain(), view.state().redoChain());
                }
            }
            return known.checkpoints;
        }
    }

    @Test
    void aTimeIsTheLastEntryUpToIt() {
        SimulatedObjectStore store = new SimulatedObjectStore();
        Histories histories = new Histories(new HistoryReader(store));
        try (Known known = new Known(new ShippedEngine(directory.resolve("timed"), HISTORY, store))) {
            known.work(new Random(5), 100);
            long mark = known.leader.ship();
            // entry n is made at 1,000 + n; a configuration has no time and belongs to the entry before it
            for (long lsn = 1; lsn < mark; lsn++) {
                long found = histories.lsnAt(HISTORY, 1_000 + lsn);
                assertEquals(known.at(lsn), known.at(found), "at the time of LSN " + lsn);
                assertTrue(found >= lsn, found + " at the time of LSN " + lsn);
            }
            assertEquals(mark, histories.lsnAt(HISTORY, Long.MAX_VALUE));
            TidemarkException early = assertThrows(TidemarkException.class, () -> histories.lsnAt(HISTORY, 900));
            assertEquals(ErrorKind.INVALID, early.kind());
        }
    }

    @Test
    void whatS3DoesNotHaveIsRefused() {
        SimulatedObjectStore store = new SimulatedObjectStore();
        HistoryReader reader = new HistoryReader(store);
        try (Known known = new Known(new ShippedEngine(directory.resolve("short"), HISTORY, store))) {
            known.work(new Random(6), 40);
            long mark = known.leader.ship();
            TidemarkException refused = assertThrows(TidemarkException.class, () -> view(reader, mark + 1));
            assertEquals(ErrorKind.INVALID, refused.kind());
        }
    }
}
