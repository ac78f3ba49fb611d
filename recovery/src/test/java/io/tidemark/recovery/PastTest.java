package io.tidemark.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.Snapshot;
import io.tidemark.engine.StorageEngine.Row;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.pace.Pace;
import io.tidemark.shipper.store.SimulatedObjectStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
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

        Known(ShippedEngine leader) {
            this.leader = leader;
        }

        void work(Random random, int entries) {
            Map<String, String> state = new TreeMap<>();
            for (int i = 0; i < entries; i++) {
                String key = "key-" + random.nextInt(30);
                if (random.nextInt(8) == 0) {
                    leader.newTerm();
                } else if (random.nextInt(4) == 0) {
                    leader.delete(key);
                    state.remove(key);
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
                }
            }
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
        for (int run = 0; run < RUNS; run++) {
            long seed = new Random().nextLong();
            try {
                agree(seed);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private void agree(long seed) {
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
                    assertEquals(
                            known.at(lsn),
                            rows(view.scan(KEYSPACE, null, null, 1_000, 1 << 20).rows()),
                            "viewed at LSN " + lsn);
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
