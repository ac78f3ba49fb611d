package io.tidemark.engine.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.page.PageHeader;
import io.tidemark.engine.store.CheckpointRecord;
import io.tidemark.engine.store.NoDisk;
import io.tidemark.engine.store.PageImage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class BufferPoolTest {
    private static final int FRAMES = 32;

    private final AtomicLong nanos = new AtomicLong();
    private final Pages store = new Pages();
    private final MetricRegistry metrics = new MetricRegistry();
    private final BufferPool pool = new BufferPool(
            store, 1024, FRAMES * 1024, FRAMES / 4, ActiveReaders.NONE, new ReadTimes(nanos::get), metrics);
    private final PagesAt pages = new PagesAt(pool);
    private final EntryPages entry = new EntryPages(pool, ActiveReaders.NONE, 16);

    BufferPoolTest() {
        pages.moveTo(BufferPool.NEWEST, null);
    }

    @Test
    void readsAPageOnceAndKeepsIt() {
        touch(5, Use.POINT);
        touch(5, Use.POINT);
        assertEquals(1, store.reads.get());
    }

    @Test
    void fetchesNoPageThatSomebodyHasBroughtMeanwhile() {
        pool.fetch(5);
        touch(5, Use.POINT);
        pool.fetch(5);
        assertEquals(1, store.fetches.get());
    }

    @Test
    void takesNoMoreThanItsFrames() {
        List<Frame> pinned = new ArrayList<>();
        for (int id = 0; id < FRAMES; id++) {
            pinned.add(pages.pin(id, Use.POINT));
        }
        TidemarkException refusal = assertThrows(TidemarkException.class, () -> pages.pin(100, Use.POINT));
        assertEquals(ErrorKind.UNAVAILABLE, refusal.kind());
        pages.unpin(pinned.get(7));
        touch(100, Use.POINT);
        for (int id = 0; id < FRAMES; id++) {
            assertEquals(id != 7, pool.holds(id), "page " + id);
        }
    }

    @Test
    @Timeout(30)
    void readsAheadOnlyWhereReadsTakeLong() {
        try (ReadAhead ahead = new ReadAhead(pool, metrics)) {
            ahead.start();
            touch(1, Use.SCAN);
            pool.willWant(2);
            store.nanosPerRead = 100_000;
            for (int id = 3; id < 10; id++) {
                touch(id, Use.SCAN);
            }
            for (int round = 0; !pool.holds(10); round++) {
                pool.willWant(10); // a wish may be dropped
                Backoff.pause(round);
                assertFalse(Thread.interrupted());
            }
            assertFalse(pool.holds(2));
        }
    }

    @Test
    void aLongScanLeavesThePagesInUseAlone() {
        for (int round = 0; round < 3; round++) {
            for (int id = 0; id < FRAMES / 2; id++) {
                touch(id, Use.POINT);
            }
        }
        for (int id = 1000; id < 2000; id++) {
            touch(id, Use.SCAN);
        }
        int kept = 0;
        for (int id = 0; id < FRAMES / 2; id++) {
            kept += pool.holds(id) ? 1 : 0;
        }
        assertEquals(FRAMES / 2, kept);
    }

    @Test
    void dirtyAndFlushingFramesStay() {
        entry.begin(1, 0, true);
        change(entry, 1);
        entry.complete();
        scanPast();
        assertTrue(pool.holds(1));
        Flush flush = pool.beginFlush(10);
        assertEquals(1, flush.frames().size());
        assertEquals(-1, flush.redoStart());
        scanPast();
        assertTrue(pool.holds(1));
        assertEquals(1, pool.unclean());
        pool.flushed(flush);
        assertEquals(0, pool.unclean());
    }

    @Test
    void aPageChangedDuringItsFlushIsDirtySinceThatChange() {
        entry.begin(1, 10, true);
        change(entry, 1);
        change(entry, 2);
        entry.complete();
        Flush flush = pool.beginFlush(1);
        assertEquals(1, flush.redoStart());
        assertEquals(10, flush.redoBytes());
        entry.begin(2, 20, true);
        change(entry, 1);
        entry.complete();
        pool.flushed(flush);
        assertEquals(2, pool.unclean());
        Flush second = pool.beginFlush(1);
        assertEquals(2, second.frames().get(0).pageId());
        assertEquals(2, second.redoStart());
        assertEquals(20, second.redoBytes());
        pool.flushed(second);
        assertEquals(1, pool.unclean());
    }

    @Test
    void e2_anEntryThatChangesTooManyPagesIsStopped() {
        EntryPages few = new EntryPages(pool, ActiveReaders.NONE, 3);
        few.begin(1, 0, true);
        change(few, 1);
        change(few, 2);
        change(few, 2);
        change(few, 3);
        TidemarkException stop = assertThrows(TidemarkException.class, () -> change(few, 4));
        assertTrue(stop.getMessage().contains("max-entry-pages = 3"), stop.getMessage());
    }

    @Test
    void e6_aPageIsChangedOnlyByTheEntryThatHoldsIt() {
        EntryPages few = new EntryPages(pool, ActiveReaders.NONE, 3);
        few.begin(1, 0, true);
        change(few, 1);
        few.complete();
        few.begin(2, 0, true);
        Frame frame = few.pin(1, Use.POINT);
        assertThrows(IllegalStateException.class, () -> few.change(frame));
    }

    @Test
    void readersThatMissTogetherReadOnceAndADamagedPageFailsForAll() {
        store.gate = new CountDownLatch(1);
        List<CompletableFuture<Void>> readers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            readers.add(CompletableFuture.runAsync(() -> touch(9, Use.POINT), task -> new Thread(task).start()));
        }
        store.gate.countDown();
        readers.forEach(CompletableFuture::join);
        assertEquals(1, store.reads.get());
        store.damaged = 10;
        for (int i = 0; i < 2 * FRAMES; i++) {
            TidemarkException damage = assertThrows(TidemarkException.class, () -> touch(10, Use.POINT));
            assertEquals(ErrorKind.CORRUPT, damage.kind());
        }
        store.damaged = -1;
        touch(10, Use.POINT);
    }

    @Test
    void p1_aPageWithoutARowIsDamageNotAbsence() {
        TidemarkException damage = assertThrows(TidemarkException.class, () -> pages.pin(Pages.WITHOUT_ROW, Use.POINT));
        assertEquals(ErrorKind.CORRUPT, damage.kind());
    }

    private static void change(EntryPages entry, long pageId) {
        entry.change(entry.hold(pageId));
    }

    private void scanPast() {
        for (int id = 5000; id < 5000 + 4 * FRAMES; id++) {
            touch(id, Use.SCAN);
        }
    }

    private void touch(long pageId, Use use) {
        Frame frame = pages.pin(pageId, use);
        assertEquals(pageId, PageHeader.id(frame.page()));
        pages.unpin(frame);
    }

    /** Every page exists, but one. */
    private final class Pages extends NoDisk {
        static final long WITHOUT_ROW = 77_777;

        final AtomicInteger reads = new AtomicInteger();
        final AtomicInteger fetches = new AtomicInteger();
        volatile CountDownLatch gate = new CountDownLatch(0);
        volatile long damaged = -1;
        volatile long nanosPerRead;

        @Override
        public void read(long pageId, ByteBuffer target, boolean again) {
            reads.incrementAndGet();
            nanos.addAndGet(nanosPerRead);
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            if (pageId == damaged) {
                throw new TidemarkException(ErrorKind.CORRUPT, "page " + pageId + " is damaged");
            }
            if (pageId == WITHOUT_ROW) {
                throw new TidemarkException(ErrorKind.NOT_FOUND, "page " + pageId + " has no row");
            }
            target.putLong(target.position() + PageHeader.ID_OFFSET, pageId);
        }

        @Override
        public void fetch(long pageId, BooleanSupplier wanted) {
            fetches.addAndGet(wanted.getAsBoolean() ? 1 : 0);
        }

        @Override
        public long pageLsn(long pageId) {
            return 0;
        }

        @Override
        public boolean contains(long pageId) {
            return true;
        }

        @Override
        public void flush(Collection<PageImage> images, CheckpointRecord checkpoint) {}
    }
}
