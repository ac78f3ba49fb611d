package io.tidemark.engine.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.Engine;
import io.tidemark.engine.EngineOptions;
import io.tidemark.engine.Snapshot;
import io.tidemark.engine.StorageEngine.Row;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many owners at once, on real files: money is moved, and never made or lost. */
@Timeout(60)
class StoreThreadsTest {
    private static final String SPACE = "accounts";
    private static final int ACCOUNTS = 20;
    private static final long EACH = 1000;
    private static final int OWNERS = 6;
    private static final int TRANSFERS = 60;

    private static final StoreOptions OPTIONS = new StoreOptions(
            new EngineOptions(4096, 1024, 8 << 20, 1 << 20, 8 << 20, 64, 0, true),
            Durability.SYNC,
            java.time.Duration.ofMinutes(1),
            10_000);

    @TempDir
    Path directory;

    /** A log that is closed halts whoever uses it: nobody may come to it so late. Who is refused has done nothing. */
    @Test
    void whoWaitsForASyncWhenTheStoreIsClosedIsAnsweredByName() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        Map<Integer, Long> refused = new ConcurrentHashMap<>();
        for (int round = 0; round < 60; round++) {
            Store store = open(OPTIONS);
            refused.forEach((owner, value) ->
                    assertNotEquals(value, amount(store.get(SPACE, account(owner))), "refused, and done"));
            refused.clear();
            CountDownLatch busy = new CountDownLatch(OWNERS * 3);
            List<Future<TidemarkException>> ends = new ArrayList<>();
            for (int owner = 0; owner < OWNERS; owner++) {
                int each = owner;
                long first = 1_000_000L * round;
                ends.add(threads.submit(() -> {
                    for (long i = first; ; i++) {
                        try {
                            store.put(SPACE, account(each), amount(i));
                            busy.countDown();
                        } catch (TidemarkException e) {
                            refused.put(each, i);
                            return e;
                        }
                    }
                }));
            }
            assertTrue(busy.await(20, TimeUnit.SECONDS));
            store.close();
            for (Future<TidemarkException> end : ends) {
                TidemarkException e = end.get(10, TimeUnit.SECONDS);
                assertEquals(ErrorKind.UNAVAILABLE, e.kind(), e::toString);
            }
        }
        threads.shutdown();
    }

    /** Pages go one by one: who writes, or wants a checkpoint, waits for its turn while the store is closed, and comes late. */
    @Test
    void whoWaitsForAFlushWhenTheStoreIsClosedIsRefusedByName() throws Exception {
        EngineOptions small = new EngineOptions(1024, 256, 768 << 10, 1 << 18, 1 << 20, 1, 0, true);
        StoreOptions options = StoreOptions.of(small).withDurability(Durability.NONE);
        ExecutorService threads = Executors.newCachedThreadPool();
        for (int round = 0; round < 10; round++) {
            int number = round;
            Store store = open(options);
            CountDownLatch busy = new CountDownLatch(400);
            List<Future<TidemarkException>> ends = new ArrayList<>();
            for (int owner = 0; owner < OWNERS; owner++) {
                Random random = new Random(owner);
                Runnable step = owner % 2 == 0
                        ? () -> store.put(SPACE, account(random.nextInt(1000)), new byte[200])
                        : () -> store.engine().checkpoint();
                ends.add(threads.submit(() -> {
                    while (true) {
                        try {
                            step.run();
                            busy.countDown();
                        } catch (TidemarkException e) {
                            return e;
                        }
                    }
                }));
            }
            assertTrue(busy.await(20, TimeUnit.SECONDS));
            store.close();
            for (Future<TidemarkException> end : ends) {
                TidemarkException e = end.get(10, TimeUnit.SECONDS);
                assertEquals(ErrorKind.UNAVAILABLE, e.kind(), () -> "round " + number + ": " + e);
            }
        }
        threads.shutdown();
    }

    private Store open(StoreOptions options) {
        Engine engine = Engine.open(directory, options.engine(), new MetricRegistry(), Halt.THROW);
        return Store.open(engine, options, System::currentTimeMillis);
    }

    @Test
    void moneyMovedByManyIsAllThereForEveryReaderAndAfterACrash() throws Exception {
        Store store = Store.open(directory, OPTIONS);
        store.transact(tx -> {
            for (int i = 0; i < ACCOUNTS; i++) {
                tx.put(SPACE, account(i), amount(EACH));
            }
            return null;
        });
        ExecutorService threads = Executors.newCachedThreadPool();
        AtomicBoolean over = new AtomicBoolean();
        List<Future<?>> owners = new ArrayList<>();
        for (int owner = 0; owner < OWNERS; owner++) {
            Random random = new Random(owner);
            owners.add(threads.submit(() -> transfers(store, random)));
        }
        Future<?> reader = threads.submit(() -> {
            while (!over.get()) {
                try (Snapshot snapshot = store.snapshot()) {
                    assertEquals(ACCOUNTS * EACH, sum(snapshot));
                }
            }
        });
        for (Future<?> owner : owners) {
            assertNull(owner.get(50, TimeUnit.SECONDS));
        }
        over.set(true);
        assertNull(reader.get(10, TimeUnit.SECONDS));
        threads.shutdown();
        store.begin().put(SPACE, account(0), amount(1_000_000));
        store.abandon();
        try (Store again = Store.open(directory, OPTIONS)) {
            try (Snapshot snapshot = again.snapshot()) {
                assertEquals(ACCOUNTS * EACH, sum(snapshot));
            }
            assertTrue(again.engine().work().isEmpty());
            again.engine().inspection().checkStructure();
        }
    }

    private static void transfers(Store store, Random random) {
        for (int i = 0; i < TRANSFERS; i++) {
            byte[] from = account(random.nextInt(ACCOUNTS));
            byte[] to = account(random.nextInt(ACCOUNTS));
            boolean locks = random.nextBoolean();
            store.transact(tx -> {
                move(tx, locks, from, -10);
                long point = tx.savepoint();
                move(tx, locks, to, 1_000);
                tx.rollbackTo(point);
                move(tx, locks, to, 10);
                return null;
            });
        }
    }

    private static void move(Transaction tx, boolean locks, byte[] account, long by) {
        byte[] found = (locks ? tx.getForUpdate(SPACE, account) : tx.get(SPACE, account)).orElseThrow();
        tx.put(SPACE, account, amount(ByteBuffer.wrap(found).getLong() + by));
    }

    private static long sum(Snapshot snapshot) {
        long sum = 0;
        for (Row row : snapshot.scan(SPACE, null, null, 100, 1 << 20).rows()) {
            sum += ByteBuffer.wrap(row.value()).getLong();
        }
        return sum;
    }

    private static long amount(Optional<byte[]> found) {
        return ByteBuffer.wrap(found.orElseThrow()).getLong();
    }

    private static byte[] account(int number) {
        return ("account" + number).getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] amount(long value) {
        return ByteBuffer.allocate(8).putLong(value).array();
    }
}
