package io.tidemark.engine;

import static io.tidemark.engine.EngineRig.bytes;
import static io.tidemark.engine.EngineRig.delete;
import static io.tidemark.engine.EngineRig.put;
import static io.tidemark.engine.EngineRig.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.StorageEngine.Row;
import io.tidemark.engine.StorageEngine.Scan;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Readers beside a writer and its flushes, in pools so small that all of it happens at once; judged by a model. */
class SnapshotProperties {
    private static final int ENTRIES = 500;
    private static final int KEYS = 1500;

    /** Entries at the beginning that mostly fill the store. */
    private static final int FILLING = 120;

    /** What the store holds after each LSN; the writer puts a state in before it applies the entry. */
    private final Map<Long, TreeMap<String, String>> states = new ConcurrentHashMap<>();

    private final AtomicInteger tooOld = new AtomicInteger();

    @Property(tries = 12, shrinking = ShrinkingMode.OFF)
    void e5_everyReaderSeesExactlyTheStateOfOneLsn(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        int frames = 128 + random.nextInt(3) * 24;
        EngineRig rig = new EngineRig(EngineRig.threaded().toBuilder()
                .poolBytes(frames * 1024L)
                .redoBytesMax(1 << 15)
                .snapshotBytes(frames * 1024L / (2 + random.nextInt(6)))
                .build());
        states.put(-1L, new TreeMap<>());
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<CompletableFuture<Void>> reading = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Random own = new Random(seed + i);
                reading.add(CompletableFuture.runAsync(() -> readUntil(rig, own, done), threads));
            }
            for (int lsn = 0; lsn < ENTRIES; lsn++) {
                apply(rig, random, lsn);
            }
            done.set(true);
            reading.forEach(CompletableFuture::join);
        } finally {
            done.set(true);
            threads.shutdown();
        }
        assertEquals(states.get((long) ENTRIES - 1), rig.rows());
        for (String happened : List.of("engine.pool.copies", "engine.pool.evictions", "engine.flush.pages")) {
            assertTrue(rig.counted(happened) > 0, happened);
        }
        rig.engine.inspection().checkStructure();
        rig.engine.close();
        states.clear();
    }

    private void apply(EngineRig rig, Random random, long lsn) {
        TreeMap<String, String> after = new TreeMap<>(states.get(lsn - 1));
        List<Operation> operations = new ArrayList<>();
        int longest = random.nextInt(15) == 0 ? 12_000 : 250;
        for (int n = lsn < FILLING ? 12 : 1 + random.nextInt(5); n > 0; n--) {
            String key = key(random.nextInt(KEYS));
            if (lsn < FILLING || random.nextInt(4) > 0) {
                String value = EngineRig.value(random.nextInt(), random.nextInt(n == 1 ? longest : 250));
                operations.add(put(key, value));
                after.put(key, value);
            } else {
                operations.add(delete(key));
                after.remove(key);
            }
        }
        states.put(lsn, after);
        rig.apply(operations);
    }

    private void readUntil(EngineRig rig, Random random, AtomicBoolean done) {
        while (!done.get()) {
            switch (random.nextInt(4)) {
                case 0 -> point(rig, random);
                case 1 -> piece(rig, random);
                default -> snapshot(rig, random);
            }
        }
    }

    private void point(EngineRig rig, Random random) {
        long before = rig.engine.state().applied();
        String key = key(random.nextInt(KEYS));
        Row row = rig.engine.get("rows", bytes(key)).orElse(null);
        long after = rig.engine.state().applied();
        if (row != null) {
            assertEquals(states.get(row.readLsn()).get(key), text(row.value()), "at " + row.readLsn());
            assertTrue(row.readLsn() >= before && row.readLsn() <= after);
        } else {
            boolean absentOnce = false;
            for (long lsn = before; lsn <= after; lsn++) {
                absentOnce |= !states.get(lsn).containsKey(key);
            }
            assertTrue(absentOnce, key + " was there from " + before + " to " + after);
        }
    }

    private void piece(EngineRig rig, Random random) {
        String from = key(random.nextInt(KEYS));
        Scan scan = rig.engine.scan("rows", bytes(from), null, 1 + random.nextInt(60), 1 << 20);
        NavigableMap<String, String> expected = states.get(scan.readLsn()).tailMap(from, true);
        if (scan.nextKey() != null) {
            expected = expected.headMap(text(scan.nextKey()), false);
        }
        TreeMap<String, String> found = new TreeMap<>();
        scan.rows().forEach(row -> found.put(text(row.key()), text(row.value())));
        assertEquals(expected, found, "piece at " + scan.readLsn());
    }

    private void snapshot(EngineRig rig, Random random) {
        try (Snapshot snapshot = rig.engine.snapshot()) {
            TreeMap<String, String> state = states.get(snapshot.lsn());
            for (int look = random.nextInt(4); look >= 0; look--) {
                String key = key(random.nextInt(KEYS));
                String found = snapshot.get("rows", bytes(key))
                        .map(row -> text(row.value()))
                        .orElse(null);
                assertEquals(state.get(key), found, "snapshot at " + snapshot.lsn());
                scan(snapshot, random, state);
            }
        } catch (TidemarkException e) {
            if (e.kind() != ErrorKind.SNAPSHOT_TOO_OLD) {
                throw e;
            }
            tooOld.incrementAndGet();
        }
    }

    private static void scan(Snapshot snapshot, Random random, TreeMap<String, String> state) {
        String from = key(random.nextInt(KEYS));
        String to = key(random.nextInt(KEYS));
        boolean forward = random.nextBoolean();
        NavigableMap<String, String> range =
                from.compareTo(to) < 0 ? state.subMap(from, true, to, false) : new TreeMap<>();
        NavigableMap<String, String> expected = forward ? range : range.descendingMap();
        Cursor cursor = snapshot.open("rows", bytes(from), bytes(to), forward ? Direction.FORWARD : Direction.BACKWARD);
        for (Map.Entry<String, String> row : expected.entrySet()) {
            assertTrue(cursor.next(), "no row for " + row.getKey() + " at " + snapshot.lsn());
            assertEquals(row.getKey(), text(cursor.row().key()), "at " + snapshot.lsn());
            assertEquals(row.getValue(), text(cursor.row().value()), "at " + snapshot.lsn());
            if (random.nextInt(8) == 0) {
                Thread.yield(); // a slow reader
            }
        }
        assertTrue(!cursor.next());
    }

    private static String key(int i) {
        return String.format("key%04d", i);
    }
}
