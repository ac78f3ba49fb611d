package io.tidemark.engine.checkpoint;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Histogram;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import io.tidemark.engine.buffer.BufferPool;
import io.tidemark.engine.buffer.Flush;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.page.PageHeader;
import io.tidemark.engine.store.CheckpointRecord;
import io.tidemark.engine.store.PageImage;
import io.tidemark.engine.store.PageStore;
import io.tidemark.engine.wal.WriteAheadLog;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Writes dirty pages in batches, each with the checkpoint that is true with it. Thread-safe: one batch at a time. */
public final class Flusher {
    /**
     * When the writer has to wait for a flush, and when the cleaner begins one.
     *
     * @param frames for unclean pages and those that the next entry changes: more unclean ones, and it waits
     * @param uncleanSoft unclean pages from which on the cleaner works
     * @param redoBytesMax redo bytes from the redo start on
     * @param batchPages pages of one batch
     */
    public record Limits(int frames, int uncleanSoft, long redoBytesMax, int batchPages) {}

    private final BufferPool pool;
    private final PageStore store;
    private final WriteAheadLog wal;
    private final Lock entryBoundary;
    private final Supplier<Position> position;
    private final Limits limits;
    private final ReentrantLock oneAtATime = new ReentrantLock();
    private final ByteBuffer copies;
    private final Counter pagesFlushed;
    private final Timer flushes;
    private final Histogram batches;
    private volatile CheckpointRecord last;
    private volatile long redoStartBytes;
    private volatile boolean walIsOpen;
    private boolean closed;

    /**
     * @param entryBoundary while it is held no entry is in flight; held for some microseconds at a time
     * @param position the boundary that the engine is at, read under that lock
     */
    public Flusher(
            BufferPool pool,
            PageStore store,
            WriteAheadLog wal,
            Lock entryBoundary,
            Supplier<Position> position,
            Limits limits,
            MetricRegistry metrics) {
        this.pool = pool;
        this.store = store;
        this.wal = wal;
        this.entryBoundary = entryBoundary;
        this.position = position;
        this.limits = limits;
        this.copies = ByteBuffer.allocateDirect(limits.batchPages() * pool.pageBytes());
        this.last = store.checkpoint();
        this.pagesFlushed = metrics.counter("engine.flush.pages");
        this.flushes = metrics.timer("engine.flush.batches");
        this.batches = metrics.histogram("engine.flush.batch.pages");
        metrics.gauge("engine.redo.bytes", () -> this::redoBytes);
    }

    /**
     * The WAL takes syncs from now on. Before, during redo, its blocks are durable by themselves, and a flush leaves its
     * files alone.
     */
    public void walRecovered() {
        walIsOpen = true;
    }

    /** Redo bytes that a restart would have to go through. */
    public long redoBytes() {
        return position.get().redoBytes() - redoStartBytes;
    }

    /** Whether the cleaner should take a step. */
    public boolean isBehind() {
        return pool.unclean() > limits.uncleanSoft() || redoBytes() > limits.redoBytesMax() / 2;
    }

    /**
     * Flushes until the next entry may begin. Called between entries, without the lock of their boundaries.
     *
     * @param pages that the entry changes at most
     */
    public void makeRoom(int pages) {
        int uncleanMax = Math.max(0, limits.frames() - pages);
        while (pool.unclean() > uncleanMax || redoBytes() > limits.redoBytesMax()) {
            flush();
        }
    }

    /** Flushes everything that is dirty now; returns the redo start after it. */
    public long checkpoint() {
        long target = position.get().applied();
        CheckpointRecord reached = last;
        while (reached.redoStart() <= target || reached.applied() < target) {
            reached = flush();
        }
        return reached.redoStart();
    }

    /**
     * Takes one step: one batch of the oldest dirty pages, and the checkpoint with it. {@code UNAVAILABLE} after {@link
     * #close}.
     */
    public CheckpointRecord flush() {
        oneAtATime.lock();
        try (Timer.Context timed = flushes.time()) {
            requireOpen();
            Flush flush;
            Position at;
            entryBoundary.lock();
            try {
                at = position.get();
                flush = pool.beginFlush(limits.batchPages());
            } finally {
                entryBoundary.unlock();
            }
            copy(flush);
            CheckpointRecord checkpoint = write(flush, at);
            pool.flushed(flush);
            pagesFlushed.inc(flush.frames().size());
            batches.update(flush.frames().size());
            redoStartBytes = flush.redoStart() < 0 ? at.redoBytes() : flush.redoBytes();
            last = checkpoint;
            if (walIsOpen) {
                wal.truncateBelow(checkpoint.redoStart());
            }
            return checkpoint;
        } finally {
            oneAtATime.unlock();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new TidemarkException(ErrorKind.UNAVAILABLE, "the engine is closed; open it again");
        }
    }

    /** Ends after the step that is being taken: whoever waits for its turn is refused, for log and store go next. */
    public void close() {
        oneAtATime.lock();
        closed = true;
        oneAtATime.unlock();
    }

    /** The pages stay as they were at the boundary, for each is pinned until it is copied. */
    private void copy(Flush flush) {
        int pageBytes = pool.pageBytes();
        for (int i = 0; i < flush.frames().size(); i++) {
            copies.put(i * pageBytes, flush.frames().get(i).page(), 0, pageBytes);
            flush.copied(i);
        }
    }

    private CheckpointRecord write(Flush flush, Position at) {
        int pageBytes = pool.pageBytes();
        List<PageImage> images = new ArrayList<>(flush.frames().size());
        for (int i = 0; i < flush.frames().size(); i++) {
            ByteBuffer copy = copies.slice(i * pageBytes, pageBytes);
            int crc = PageHeader.seal(copy);
            images.add(new PageImage(PageHeader.id(copy), PageHeader.lsn(copy), crc, copy));
        }
        if (walIsOpen) {
            wal.sync();
        }
        CheckpointRecord checkpoint = checkpoint(flush, at);
        store.flush(images, checkpoint);
        return checkpoint;
    }

    /** During redo the end reached may lie before that of the last checkpoint, which stays the end that is known. */
    private CheckpointRecord checkpoint(Flush flush, Position at) {
        long redoStart = flush.redoStart() < 0 ? at.applied() + 1 : flush.redoStart();
        return at.applied() < last.applied()
                ? new CheckpointRecord(redoStart, last.applied(), last.term(), last.chain())
                : new CheckpointRecord(redoStart, at.applied(), at.term(), at.chain());
    }
}
