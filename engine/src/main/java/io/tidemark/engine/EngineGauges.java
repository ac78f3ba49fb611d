package io.tidemark.engine;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.buffer.BufferPool;
import io.tidemark.engine.buffer.EntryPages;
import io.tidemark.engine.wal.WriteAheadLog;

/**
 * What is read off an engine by whoever looks; its parts count the rest themselves, under {@code engine.} too.
 *
 * <pre>
 *   applied               LSN of the last complete entry
 *   wal.bytes             bytes appended to the WAL since the engine was opened
 *   pool.hits             pages pinned that were in the pool
 *   pool.hit.rate         their share of all pages pinned, 1 before the first
 *   snapshots.oldest.age  LSNs from the oldest open snapshot to the last entry, 0 without one
 * </pre>
 */
record EngineGauges(ReaderSlots readers, EntryPages entryPages, BufferPool pool, WriteAheadLog wal) {
    void register(MetricRegistry metrics) {
        metrics.gauge("engine.applied", () -> this::applied);
        metrics.gauge("engine.wal.bytes", () -> wal::appendedBytes);
        metrics.gauge("engine.pool.hits", () -> this::hits);
        metrics.gauge("engine.pool.hit.rate", () -> this::hitRate);
        metrics.gauge("engine.snapshots.oldest.age", () -> this::oldestAge);
    }

    private long applied() {
        return readers.published().lsn();
    }

    private long pinned() {
        return readers.pinned() + entryPages.pinned();
    }

    private long hits() {
        return Math.max(0, pinned() - pool.misses());
    }

    private double hitRate() {
        long pinned = pinned();
        return pinned == 0 ? 1 : (double) hits() / pinned;
    }

    private long oldestAge() {
        long oldest = pool.snapshots().oldestLsn();
        return oldest == Long.MAX_VALUE ? 0 : Math.max(0, applied() - oldest);
    }
}
