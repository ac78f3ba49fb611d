package io.tidemark.engine;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.buffer.BufferPool;
import io.tidemark.engine.buffer.EntryPages;
import io.tidemark.engine.store.PageStore;

/**
 * What is read off an engine by whoever looks; its parts count the rest themselves, under {@code engine.} too.
 *
 * <pre>
 *   applied               LSN of the last complete entry
 *   wal.bytes             bytes appended to the WAL since the engine was opened
 *   pool.hits             pages pinned that were in the pool
 *   pool.hit.rate         their share of all pages pinned, 1 before the first
 *   hot.bytes             page bytes on the local disk
 *   hot.hit.rate          share of the pages read that the local disk had, 1 before the first
 *   hot.admitted          pages that came back to the local disk
 *   hot.evicted           pages that left it
 *   cold.pages            pages that are not on the local disk
 *   cold.faults           pages that somebody had to wait for
 *   cold.fetched          images that came, those read ahead too
 *   snapshots.oldest.age  LSNs from the oldest open snapshot to the last entry, 0 without one
 * </pre>
 */
record EngineGauges(ReaderSlots readers, EntryPages entryPages, BufferPool pool, Engine.Parts parts) {
    void register(MetricRegistry metrics) {
        metrics.gauge("engine.applied", () -> this::applied);
        metrics.gauge("engine.wal.bytes", () -> parts.wal()::appendedBytes);
        metrics.gauge("engine.pool.hits", () -> this::hits);
        metrics.gauge("engine.pool.hit.rate", () -> this::hitRate);
        metrics.gauge("engine.hot.bytes", () -> this::hotBytes);
        metrics.gauge("engine.hot.hit.rate", () -> () -> counts().hitRate());
        metrics.gauge("engine.hot.admitted", () -> () -> counts().admitted());
        metrics.gauge("engine.hot.evicted", () -> () -> counts().evicted());
        metrics.gauge("engine.cold.pages", () -> parts.store()::coldPages);
        metrics.gauge("engine.cold.faults", () -> () -> counts().faults());
        metrics.gauge("engine.cold.fetched", () -> () -> counts().fetched());
        metrics.gauge("engine.snapshots.oldest.age", () -> this::oldestAge);
    }

    private long applied() {
        return readers.published().lsn();
    }

    private PageStore.ColdCounts counts() {
        return parts.store().coldCounts();
    }

    private long hotBytes() {
        return parts.store().localPages() * pool.pageBytes();
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
