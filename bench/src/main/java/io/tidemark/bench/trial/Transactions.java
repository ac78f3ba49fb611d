package io.tidemark.bench.trial;

import io.tidemark.bench.peer.KeyValueEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;

/** Synced transactions by several threads at once, each on records of its own, so that none waits for another's lock. */
final class Transactions {
    static final int WRITES = 10;

    private final KeyValueEngine engine;
    private final Expected expected;
    private final Values values;
    private final LongSupplier nanoClock;
    private final long seed;

    Transactions(KeyValueEngine engine, Expected expected, Values values, LongSupplier nanoClock, long seed) {
        this.engine = engine;
        this.expected = expected;
        this.values = values;
        this.nanoClock = nanoClock;
        this.seed = seed;
    }

    private record Done(long transactions, long allocatedBytes) {}

    /** @throws IllegalStateException when a thread failed */
    Figure measure(Row row, int threads, Duration window) {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Done>> work = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int mine = thread;
                work.add(() -> commitOn(mine, threads, window));
            }
            Usage before = Meter.usage();
            long begun = nanoClock.getAsLong();
            long transactions = 0;
            long allocated = 0;
            for (Future<Done> future : pool.invokeAll(work)) {
                transactions += future.get().transactions;
                allocated += future.get().allocatedBytes;
            }
            long nanos = nanoClock.getAsLong() - begun;
            Usage usage = Meter.usage().since(before).allocating(allocated);
            long put = transactions * WRITES * (Keys.BYTES + values.bytes());
            return new Figure(row, transactions, nanos, usage, put, -1, "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in " + row, e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(row + ": " + e.getCause(), e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    private Done commitOn(int thread, int threads, Duration window) {
        Dice dice = new Dice(seed + thread);
        byte[][] keys = new byte[WRITES][Keys.BYTES];
        byte[][] batch = new byte[WRITES][values.bytes()];
        int mine = expected.records() / threads;
        long allocatedBefore = Meter.allocatedBytes();
        long begun = nanoClock.getAsLong();
        long transactions = 0;
        do {
            for (int i = 0; i < WRITES; i++) {
                int index = dice.below(mine) * threads + thread;
                Keys.stored(index, keys[i]);
                values.write(index, expected.next(index), batch[i]);
            }
            engine.transaction(keys, batch);
            transactions++;
        } while (nanoClock.getAsLong() - begun < window.toNanos());
        return new Done(transactions, Meter.allocatedBytes() - allocatedBefore);
    }
}
