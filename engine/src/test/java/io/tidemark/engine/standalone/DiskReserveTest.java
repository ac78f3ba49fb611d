package io.tidemark.engine.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.Engine;
import io.tidemark.engine.EngineOptions;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskReserveTest {
    private static final long RESERVE = 8 << 20;

    @TempDir
    Path directory;

    private final AtomicLong usable = new AtomicLong(1 << 30);

    @Test
    void aFullDiskIsToldBeforeItHappensAndReadsCommitsAndRollbacksGoOn() {
        EngineOptions small = new EngineOptions(4096, 1024, 8 << 20, 1 << 20, 8 << 20, 64, RESERVE, false);
        Engine engine = Engine.open(directory, small, new MetricRegistry(), Halt.THROW);
        try (Store store = Store.open(engine, StoreOptions.of(small), () -> 1000, usable::get)) {
            byte[] key = "k".getBytes(StandardCharsets.US_ASCII);
            store.put("rows", key, new byte[100_000]);
            Transaction one = store.begin();
            one.put("rows", key, new byte[200_000]);
            Transaction two = store.begin();
            usable.set(RESERVE + 50_000);
            refused(() -> put(store, 2 << 20));
            refused(() -> two.put("rows", "other".getBytes(StandardCharsets.US_ASCII), new byte[100_000]));
            two.rollback();
            one.commit();
            assertEquals(200_000, store.get("rows", key).orElseThrow().length);
            assertTrue(store.delete("rows", key), "whoever gives room back is let in");
            usable.set(1 << 30);
            put(store, 100_000);
        }
    }

    @Test
    void theDiskIsAskedNowAndThenAndAtEachWriteWhileItIsShort() {
        AtomicInteger asked = new AtomicInteger();
        DiskReserve reserve = new DiskReserve(RESERVE, () -> {
            asked.incrementAndGet();
            return usable.get();
        });
        for (int i = 0; i < 1000; i++) {
            reserve.admit(100);
        }
        assertEquals(1, asked.get());
        usable.set(0);
        refused(() -> reserve.admit(1 << 20));
        refused(() -> reserve.admit(1));
        assertEquals(3, asked.get());
    }

    private static void put(Store store, int bytes) {
        store.put("rows", "next".getBytes(StandardCharsets.US_ASCII), new byte[bytes]);
    }

    private static void refused(Runnable write) {
        TidemarkException e = assertThrows(TidemarkException.class, write::run);
        assertEquals(ErrorKind.UNAVAILABLE, e.kind());
        assertTrue(e.getMessage().contains("in reserve"), e::getMessage);
    }
}
