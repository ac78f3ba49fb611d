package io.tidemark.bench.trial;

import io.tidemark.bench.peer.KeyValueEngine;
import io.tidemark.bench.peer.KeyValueEngine.Direction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/** Runs one {@link Trial} in this process. */
public final class TrialRun {
    /** Records of the store that is thrown away, and of the one that transactions change. */
    private static final int SMALL_STORE = 20_000;

    /** The compiler's threads use less than one part in so many of the time. */
    private static final int COMPILER_RESTS = 5;

    /** Never synced before the kill; at most a quarter of the records. */
    private static final int TAIL_MAX = 20_000;

    /** Times the limit of a fill that its unmeasured rest may take. */
    private static final int COMPLETION = 8;

    /** Before the first read: what fits into memory is brought there. */
    private static final Duration FIRST_PASS = Duration.ofMillis(500);

    private static final int READS_IN_100_MOSTLY = 95;
    private static final int READS_IN_100_HALF = 50;

    private final Trial trial;
    private final LongSupplier nanoClock;
    private final Stopwatch stopwatch;
    private final Values values;
    private final Permutation permutation;
    private final Dice dice;

    public TrialRun(Trial trial, LongSupplier nanoClock) {
        this.trial = trial;
        this.nanoClock = nanoClock;
        stopwatch = new Stopwatch(nanoClock);
        values = new Values(trial.valueBytes(), trial.seed());
        permutation = new Permutation(trial.records(), trial.seed());
        dice = new Dice(trial.seed());
    }

    /**
     * @param untilKilled called by {@link Row.Group#USED} at its end, with the store open and the last puts not synced;
     *     when it returns, the store is closed
     */
    public void run(Runnable untilKilled) throws IOException {
        try {
            if (trial.group() == Row.Group.REOPENED) {
                warmUp(Duration.ZERO);
                reopen();
            } else {
                warmUp(trial.processWarmUp());
                onStoreOfItsOwn("sequential", this::fillSequential);
                onStoreOfItsOwn("transactions", this::transactions);
                Files.createDirectories(trial.store());
                fillRandomAndUse(untilKilled);
            }
            trial.figures().done();
        } catch (RuntimeException | IOException | Error e) {
            trial.figures().failed(e);
            throw e;
        }
    }

    /** A part of the trial, in a directory that exists while it lasts. */
    @FunctionalInterface
    private interface Part {
        void on(Path store) throws IOException;
    }

    private void onStoreOfItsOwn(String name, Part part) throws IOException {
        Path store = Files.createDirectories(trial.store(name));
        part.on(store);
        Trees.remove(store);
    }

    /**
     * Once at least, and again until the compiler rests, which it soon does where the engine is no Java, or the time is over.
     */
    private void warmUp(Duration limit) throws IOException {
        long begun = stopwatch.now();
        long now = begun;
        boolean compiling;
        do {
            long before = now;
            long compiledBefore = Meter.compilerNanos();
            onStoreOfItsOwn("warm-up", this::warmUp);
            now = stopwatch.now();
            compiling = Meter.compilerNanos() - compiledBefore > (now - before) / COMPILER_RESTS;
        } while (compiling && now - begun < limit.toNanos());
    }

    private void warmUp(Path store) {
        Expected expected = new Expected(SMALL_STORE);
        Permutation order = new Permutation(SMALL_STORE, trial.seed());
        try (KeyValueEngine engine = trial.peer().open(store, trial.memory())) {
            Operations operations = new Operations(engine, expected, values);
            stopwatch.warmUp(trial.warmUp(), SMALL_STORE, i -> operations.put(order.at((int) i)));
            stopwatch.warmUp(trial.warmUp(), SMALL_STORE, i -> operations.get((int) i));
            stopwatch.warmUp(trial.warmUp(), SMALL_STORE, i -> operations.getMissing((int) i));
            for (Direction direction : Direction.values()) {
                operations.scan(direction, stopwatch.after(trial.warmUp()));
            }
            stopwatch.warmUp(trial.warmUp(), SMALL_STORE, i -> operations.put((int) i));
            stopwatch.warmUp(trial.warmUp(), SMALL_STORE, i -> operations.delete((int) i));
            engine.sync();
            Transactions transactions = new Transactions(engine, expected, values, nanoClock, trial.seed());
            transactions.measure(Row.TRANSACTIONS_1, 1, trial.warmUp());
            transactions.measure(Row.TRANSACTIONS_4, 4, trial.warmUp());
        }
    }

    private void fillSequential(Path store) {
        if (trial.rows().contains(Row.FILL_SEQUENTIAL)) {
            fill(Row.FILL_SEQUENTIAL, store, new Expected(trial.records()), i -> (int) i);
        }
    }

    /** Where the record lies that is put in a certain place of the order. */
    @FunctionalInterface
    private interface Order {
        int at(long place);
    }

    /** Within the time limit; what a fill then leaves on disk is looked at only when it is whole. */
    private Figure fill(Row row, Path store, Expected expected, Order order) {
        Usage before = Meter.usage();
        Figure figure;
        try (KeyValueEngine engine = trial.peer().open(store, trial.memory())) {
            Operations operations = new Operations(engine, expected, values);
            figure = stopwatch.measure(
                    row,
                    trial.fillLimit(),
                    trial.records(),
                    i -> operations.put(order.at(i)),
                    engine::sync,
                    operations.putBytes());
        }
        if (figure.operations() == trial.records()) {
            long written = Meter.usage().since(before).writtenBytes();
            figure = figure.closed(written, Meter.diskBytes(store));
        } else {
            String ended = "ended by the time limit with " + figure.operations() + " of " + trial.records();
            figure = figure.closed(-1, -1).noted(ended);
        }
        record(figure);
        return figure;
    }

    /**
     * Puts the rest of what a fill began, unmeasured, for rows on less data would be rows of another scenario; in the order
     * of keys, which is sooner done.
     */
    private void complete(Operations operations, int done) {
        int[] missing = IntStream.range(done, trial.records())
                .map(permutation::at)
                .sorted()
                .toArray();
        Duration limit = trial.fillLimit().multipliedBy(COMPLETION);
        Figure rest = stopwatch.measure(
                Row.FILL_RANDOM, limit, missing.length, i -> operations.put(missing[(int) i]), () -> {}, 0);
        if (rest.operations() < missing.length) {
            throw new IllegalStateException("rows on random keys left out: " + (missing.length - rest.operations())
                    + " of " + trial.records() + " records were not there " + limit.toSeconds()
                    + " s after the limit of the fill");
        }
    }

    private void record(Figure figure) {
        if (trial.rows().contains(figure.row())) {
            trial.figures().add(figure);
        }
    }

    private void fillRandomAndUse(Runnable untilKilled) {
        Expected base = new Expected(trial.records());
        int filled = (int) fill(Row.FILL_RANDOM, trial.store(), base, i -> permutation.at((int) i))
                .operations();
        int tail = Math.min(TAIL_MAX, Math.max(1, trial.records() / 4));
        Expected expected = base.extended(tail);
        try (KeyValueEngine engine = trial.peer().open(trial.store(), trial.memory())) {
            Operations operations = new Operations(engine, expected, values);
            complete(operations, filled);
            engine.sync();
            operations.scan(Direction.FORWARD, stopwatch.after(FIRST_PASS));
            read(operations);
            scan(operations, Row.SCAN_FORWARD, Direction.FORWARD);
            scan(operations, Row.SCAN_BACKWARD, Direction.BACKWARD);
            write(engine, operations);
            if (trial.rows().contains(Row.REOPEN_KILLED)) {
                expected.save(trial.expected());
                for (int i = 0; i < tail; i++) {
                    operations.put(trial.records() + i);
                }
                trial.figures().ready();
                untilKilled.run();
            }
        }
    }

    private int anyRecord() {
        return permutation.at(dice.below(trial.records()));
    }

    private void read(Operations operations) {
        timed(Row.READ_RANDOM, i -> operations.get(anyRecord()), () -> {}, 0);
        timed(Row.READ_MISSING, i -> operations.getMissing(anyRecord()), () -> {}, 0);
    }

    /** As much warm-up, then the window. */
    private void timed(Row row, Stopwatch.Step step, Runnable end, int putBytesPerStep) {
        if (trial.rows().contains(row)) {
            stopwatch.warmUp(trial.warmUp(), Long.MAX_VALUE, step);
            end.run();
            record(stopwatch.measure(row, trial.window(), Long.MAX_VALUE, step, end, putBytesPerStep));
        }
    }

    /** Pass after pass; the last may be cut off. */
    private void scan(Operations operations, Row row, Direction direction) {
        if (!trial.rows().contains(row)) {
            return;
        }
        operations.scan(direction, stopwatch.after(trial.warmUp()));
        Usage before = Meter.usage();
        long begun = stopwatch.now();
        Operations.Enough enough = stopwatch.after(trial.window());
        long rows = 0;
        do {
            rows += operations.scan(direction, enough);
        } while (stopwatch.now() - begun < trial.window().toNanos());
        long nanos = stopwatch.now() - begun;
        record(new Figure(row, rows, nanos, Meter.usage().since(before), 0, -1, ""));
    }

    private void write(KeyValueEngine engine, Operations operations) {
        int putBytes = operations.putBytes();
        timed(Row.OVERWRITE, i -> operations.put(anyRecord()), engine::sync, putBytes);
        timed(Row.MIXED_95_5, mixed(operations, READS_IN_100_MOSTLY), engine::sync, 0);
        timed(Row.MIXED_50_50, mixed(operations, READS_IN_100_HALF), engine::sync, 0);
        if (trial.rows().contains(Row.DELETE)) {
            // Each record once: the window goes on where the warm-up ends, which leaves half of them at least.
            Stopwatch.Step step = i -> operations.delete(permutation.at((int) i));
            int done = (int) stopwatch.warmUp(trial.warmUp(), trial.records() / 2, step);
            engine.sync();
            record(stopwatch.measure(
                    Row.DELETE, trial.window(), trial.records() - done, i -> step.run(done + i), engine::sync, 0));
        }
        engine.sync();
    }

    private Stopwatch.Step mixed(Operations operations, int readsInHundred) {
        return i -> {
            int index = anyRecord();
            if (dice.below(100) < readsInHundred) {
                operations.get(index);
            } else {
                operations.put(index);
            }
        };
    }

    private void reopen() {
        new Reopening(trial, values, nanoClock).run().ifPresent(this::record);
    }

    private void transactions(Path store) {
        if (!trial.rows().contains(Row.TRANSACTIONS_1) && !trial.rows().contains(Row.TRANSACTIONS_4)) {
            return;
        }
        int records = Math.min(SMALL_STORE, trial.records());
        Expected expected = new Expected(records);
        try (KeyValueEngine engine = trial.peer().open(store, trial.memory())) {
            Operations operations = new Operations(engine, expected, values);
            for (int i = 0; i < records; i++) {
                operations.put(i);
            }
            engine.sync();
            Transactions transactions = new Transactions(engine, expected, values, nanoClock, trial.seed());
            transactions(transactions, Row.TRANSACTIONS_1, 1);
            transactions(transactions, Row.TRANSACTIONS_4, 4);
            operations.scan(Direction.FORWARD, rows -> false);
        }
    }

    private void transactions(Transactions transactions, Row row, int threads) {
        if (trial.rows().contains(row)) {
            Duration before = trial.warmUp();
            transactions.measure(row, threads, before);
            record(transactions.measure(row, threads, trial.window()));
        }
    }
}
