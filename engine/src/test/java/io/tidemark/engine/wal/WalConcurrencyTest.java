package io.tidemark.engine.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.io.RealDisk;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log on the machine's own disk, with its threads. */
class WalConcurrencyTest {
    @TempDir
    Path directory;

    private FileWriteAheadLog open(long fileBytes, long from) {
        FileWriteAheadLog log = new FileWriteAheadLog(new RealDisk(), directory.resolve("wal"), fileBytes, Halt.THROW);
        log.recover(from, -1, 0, 0, -1, block -> {});
        return log;
    }

    @Test
    void oneAppendsWhileAnotherSyncsAndAThirdReads() throws InterruptedException {
        FileWriteAheadLog log = open(8192, 0);
        AtomicBoolean done = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread syncer = new Thread(() -> {
            try {
                while (!done.get()) {
                    long last = log.lastLsn();
                    long synced = log.sync();
                    assertTrue(synced >= last, synced + " < " + last);
                    assertEquals(synced, log.syncedLsn());
                }
            } catch (RuntimeException | AssertionError e) {
                failure.set(e);
            }
        });
        Thread reader = new Thread(() -> {
            try {
                while (!done.get()) {
                    long last = log.lastLsn();
                    assertTrue(last < 0 || log.chainAt(last).isPresent(), "no chain of LSN " + last);
                }
            } catch (RuntimeException | AssertionError e) {
                failure.set(e);
            }
        });
        syncer.start();
        reader.start();
        Random random = new Random(5);
        byte[] redo = new byte[3000];
        random.nextBytes(redo);
        for (long lsn = 0; lsn < 4_000; lsn++) {
            log.append(lsn, 1, redo, 0, random.nextInt(redo.length));
        }
        done.set(true);
        syncer.join();
        reader.join();
        assertEquals(null, failure.get());
        log.closeCleanly();
        FileWriteAheadLog again = open(8192, 0);
        assertEquals(3_999, again.lastLsn());
        assertEquals(log.lastChain(), again.lastChain());
        again.close();
    }

    @Test
    void appendingAllocatesNothing() {
        FileWriteAheadLog log = open(1 << 30, 0);
        byte[] redo = new byte[500];
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long lsn = 0;
        // The ring of chain values has doubled for the last time before 65,536 and is not full at 98,304.
        for (; lsn < 66_000; lsn++) {
            log.append(lsn, 1, redo, 0, redo.length);
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (; lsn < 96_000; lsn++) {
            log.append(lsn, 1, redo, 0, redo.length);
        }
        double perAppend = (threads.getCurrentThreadAllocatedBytes() - before) / 30_000.0;
        log.close();
        assertTrue(perAppend < 8, perAppend + " bytes per append");
    }
}
