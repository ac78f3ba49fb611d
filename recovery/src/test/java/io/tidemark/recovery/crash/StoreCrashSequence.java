package io.tidemark.recovery.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.Engine;
import io.tidemark.engine.StorageEngine.Row;
import io.tidemark.engine.io.CrashMode;
import io.tidemark.engine.io.SimulatedDisk;
import io.tidemark.engine.standalone.ConflictException;
import io.tidemark.engine.standalone.Durability;
import io.tidemark.engine.standalone.Store;
import io.tidemark.engine.standalone.StoreOptions;
import io.tidemark.engine.standalone.Transaction;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * A store of its own (rule T2), several transactions open at a time, cut off before every operation of its disk: what
 * comes back is exactly what was committed at the last LSN that survived, nothing of what was open, no lock and no undo
 * row; and it goes on from there. Cut off in the middle of taking losers back, it takes the rest back the next time.
 */
final class StoreCrashSequence {
    private static final CrashMode[] MODES = {CrashMode.NONE, CrashMode.ALL, CrashMode.RANDOM, CrashMode.RANDOM};
    private static final int DEEPEST = 3;
    private static final String SPACE = "rows";
    private static final int OWNERS_MAX = 4;

    private final Random random;
    private final StoreOnDisk onDisk;
    private final StoreOptions options;
    private final int steps;
    private final int keys;
    private final int valueMax;

    /** What was committed after each LSN that committed something, or is about to. */
    private final TreeMap<Long, TreeMap<String, String>> history = new TreeMap<>();

    /** Committed rows that each image seen so far came back with. */
    private final Map<Long, Long> recovered = new HashMap<>();

    private final List<Owner> owners = new ArrayList<>();
    private TreeMap<String, String> committed = new TreeMap<>();
    private Store store;
    private Engine engine;
    private long again;
    private Throwable failure;

    /** An open transaction and what it has changed. */
    private static final class Owner {
        final Transaction transaction;
        TreeMap<String, Optional<String>> changes = new TreeMap<>();
        final TreeMap<Long, TreeMap<String, Optional<String>>> savepoints = new TreeMap<>();

        /** Ranges locked, for good: some may be free again after coming back to a savepoint. */
        final List<String> ranges = new ArrayList<>();

        Owner(Transaction transaction) {
            this.transaction = transaction;
        }

        boolean mayHold(String key) {
            return changes.containsKey(key)
                    || savepoints.values().stream().anyMatch(then -> then.containsKey(key))
                    || ranges.stream().anyMatch(from -> from.compareTo(key) <= 0 && key.compareTo(end(from)) < 0);
        }
    }

    /** What a crash must leave. @param rows null: those of the LSN that it comes back with */
    private record Must(Promise promise, TreeMap<String, String> rows) {}

    private StoreCrashSequence(long seed) {
        random = new Random(seed * 0x9E3779B97F4A7C15L + 1);
        onDisk = StoreOnDisk.standalone(random);
        options = StoreOptions.of(onDisk.options());
        steps = 20 + random.nextInt(40);
        keys = 3 + random.nextInt(random.nextBoolean() ? 8 : 60);
        valueMax = random.nextInt(3) == 0 ? 5_000 : 200;
        history.put(-1L, committed);
    }

    static CrashSequence.Images run(long seed) {
        try {
            StoreCrashSequence sequence = new StoreCrashSequence(seed);
            sequence.live("store of seed " + seed);
            sequence.rethrow();
            return new CrashSequence.Images(sequence.recovered.size(), sequence.again);
        } catch (AssertionError e) {
            throw e;
        } catch (RuntimeException | Error e) {
            throw new AssertionError("store of seed " + seed + ": " + e, e);
        }
    }

    private void rethrow() {
        if (failure != null) {
            throw new AssertionError(failure.getMessage(), failure);
        }
    }

    private void live(String where) {
        SimulatedDisk disk = new SimulatedDisk();
        disk.beforeOperation(operation -> {
            for (CrashMode mode : MODES) {
                image(disk, mode, new Must(promise(), null), 1, where + ", operation " + operation + " " + mode);
            }
        });
        engine = onDisk.open(disk);
        store = Store.open(engine, options, () -> 1000);
        for (int step = 0; step < steps; step++) {
            step();
        }
        disk.beforeOperation(operation -> {});
        store.abandon();
    }

    private Promise promise() {
        return engine == null
                ? new Promise(-1, -1)
                : new Promise(engine.durableLsn(), engine.state().applied());
    }

    private void step() {
        switch (random.nextInt(16)) {
            case 0, 1 -> alone();
            case 2 -> engine.flushStep();
            case 3 -> {
                if (random.nextInt(4) == 0) {
                    engine.checkpoint();
                }
            }
            default -> {
                if (owners.size() < OWNERS_MAX && (owners.isEmpty() || random.nextInt(6) == 0)) {
                    owners.add(new Owner(store.begin()));
                } else {
                    of(owners.get(random.nextInt(owners.size())));
                }
            }
        }
    }

    private void alone() {
        String key = key();
        if (owners.stream().anyMatch(owner -> owner.mayHold(key))) {
            return; // it would try again and again
        }
        Durability durability = random.nextBoolean() ? Durability.SYNC : Durability.NONE;
        TreeMap<String, String> next = new TreeMap<>(committed);
        if (random.nextInt(3) > 0) {
            String value = value();
            next.put(key, value);
            commits(next);
            store.put(SPACE, bytes(key), bytes(value), durability);
        } else {
            next.remove(key);
            commits(next);
            store.delete(SPACE, bytes(key), durability);
        }
    }

    /** The next entry makes this everybody's. */
    private void commits(TreeMap<String, String> next) {
        history.put(store.lsn() + 1, next);
        committed = next;
    }

    private void of(Owner owner) {
        Transaction tx = owner.transaction;
        switch (random.nextInt(14)) {
            case 0 -> owner.savepoints.put(tx.savepoint(), new TreeMap<>(owner.changes));
            case 1 -> {
                if (!owner.savepoints.isEmpty()) {
                    List<Long> points = List.copyOf(owner.savepoints.keySet());
                    long point = points.get(random.nextInt(points.size()));
                    tx.rollbackTo(point);
                    owner.savepoints.tailMap(point, false).clear();
                    owner.changes = new TreeMap<>(owner.savepoints.get(point));
                }
            }
            case 2, 3 -> {
                owners.remove(owner);
                commits(seenBy(owner));
                tx.commit(random.nextBoolean() ? Durability.SYNC : Durability.NONE);
            }
            case 4 -> {
                owners.remove(owner);
                tx.rollback();
            }
            case 5 -> deleteRange(owner);
            default -> change(owner);
        }
    }

    private void change(Owner owner) {
        String key = key();
        String value = random.nextInt(3) > 0 ? value() : null;
        try {
            if (value != null) {
                owner.transaction.put(SPACE, bytes(key), bytes(value));
                owner.changes.put(key, Optional.of(value));
            } else if (owner.transaction.delete(SPACE, bytes(key))) {
                owner.changes.put(key, Optional.empty());
            }
        } catch (ConflictException e) {
            assertTrue(owners.size() > 1, "a conflict with nobody: " + e.getMessage());
        }
    }

    private void deleteRange(Owner owner) {
        String from = key();
        String to = end(from);
        TreeMap<String, String> seen = seenBy(owner);
        try {
            long deleted = owner.transaction.deleteRange(SPACE, bytes(from), bytes(to));
            assertEquals(seen.subMap(from, to).size(), deleted);
            owner.ranges.add(from);
            seen.subMap(from, to).keySet().forEach(key -> owner.changes.put(key, Optional.empty()));
        } catch (ConflictException e) {
            assertTrue(owners.size() > 1, "a conflict with nobody: " + e.getMessage());
        }
    }

    /** Of the range that is deleted from that key on. */
    private static String end(String from) {
        return from + "5";
    }

    private TreeMap<String, String> seenBy(Owner owner) {
        TreeMap<String, String> seen = new TreeMap<>(committed);
        owner.changes.forEach((key, value) -> value.ifPresentOrElse(v -> seen.put(key, v), () -> seen.remove(key)));
        return seen;
    }

    private void image(SimulatedDisk disk, CrashMode mode, Must must, int depth, String where) {
        rethrow();
        try {
            SimulatedDisk image = disk.crashImage(mode, random);
            long print = Fingerprint.of(image);
            Long known = recovered.get(print);
            if (known == null) {
                known = liveAgain(image, must, depth, where);
                recovered.put(print, known);
                again += depth > 1 ? 1 : 0;
            }
            Promise promise = must.promise;
            boolean within = promise.durable() <= known && known <= promise.applied();
            assertTrue(within, where + ": came back with LSN " + known + ", but " + promise);
        } catch (RuntimeException | Error e) {
            if (failure == null) {
                failure = new AssertionError(where + ": " + e, e);
            }
            throw e;
        }
    }

    /** Recovers a store and checks all of it. Returns the LSN that the log came back with, before losers were taken back. */
    private long liveAgain(SimulatedDisk disk, Must must, int depth, String where) {
        if (depth < DEEPEST && random.nextInt(10) == 0) {
            crashAgain(disk, must, depth, where);
        }
        Engine opened = onDisk.open(disk);
        long lsn = opened.state().applied();
        TreeMap<String, String> rows = rowsAt(lsn, must);
        Store back = Store.open(opened, options, () -> 1000);
        disk.beforeOperation(operation -> {});
        assertEquals(back.lsn(), back.durableLsn());
        assertTrue(opened.transactions().open().isEmpty() && opened.work().isEmpty(), "losers are left");
        assertEquals(
                0,
                opened.inspection()
                        .scanTree("sys.undo", null, null, 1, 1)
                        .rows()
                        .size());
        assertEquals(
                0,
                opened.inspection().scanTree("sys.txn", null, null, 1, 1).rows().size());
        checkRows(back, rows);
        opened.inspection().checkStructure();
        goOn(back, new TreeMap<>(rows));
        back.abandon();
        return lsn;
    }

    private TreeMap<String, String> rowsAt(long lsn, Must must) {
        return must.rows != null ? must.rows : history.floorEntry(lsn).getValue();
    }

    /** Recovering changes no row: whatever it is cut off in, the same rows come back, or the log up to there and more. */
    private void crashAgain(SimulatedDisk disk, Must must, int depth, String where) {
        Engine probe = onDisk.open(disk.crashImage(CrashMode.ALL, random));
        long lsn = probe.state().applied();
        probe.abandon();
        Must same = new Must(new Promise(lsn, Long.MAX_VALUE), rowsAt(lsn, must));
        disk.beforeOperation(operation -> {
            CrashMode mode = MODES[random.nextInt(MODES.length)];
            image(disk, mode, same, depth + 1, where + ", operation " + operation + " " + mode);
        });
    }

    /** Every key can be changed: nobody holds it any more. */
    private void goOn(Store back, TreeMap<String, String> rows) {
        if (random.nextInt(8) > 0) {
            return;
        }
        back.transact(tx -> {
            for (int n = 0; n < Math.min(keys, 20); n++) {
                String key = "key" + n;
                if (n % 3 == 0) {
                    assertEquals(rows.remove(key) != null, tx.delete(SPACE, bytes(key)));
                } else {
                    tx.put(SPACE, bytes(key), bytes("after" + n));
                    rows.put(key, "after" + n);
                }
            }
            return null;
        });
        checkRows(back, rows);
        back.engine().inspection().checkStructure();
    }

    private static void checkRows(Store store, TreeMap<String, String> expected) {
        TreeMap<String, String> found = new TreeMap<>();
        for (Row row :
                store.scan(SPACE, null, null, Integer.MAX_VALUE, Long.MAX_VALUE).rows()) {
            found.put(text(row.key()), text(row.value()));
        }
        assertEquals(expected, found);
    }

    private String key() {
        return "key" + random.nextInt(keys);
    }

    private String value() {
        byte[] value = new byte[random.nextInt(random.nextInt(8) == 0 ? valueMax : Math.min(100, valueMax))];
        random.nextBytes(value);
        return text(value);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)).array();
    }
}
