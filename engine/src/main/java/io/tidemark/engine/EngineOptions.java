package io.tidemark.engine;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;

/**
 * Options of one engine, checked once.
 *
 * @param pageBytes page size, a store constant: fixed when the store is made; power of two, 1 KiB (tests) to 64 KiB;
 *     default 8 KiB
 * @param maxEntryPages pages that one entry may change, a store constant (rule E2); default 4,096
 * @param poolBytes memory of the buffer pool; at least twice {@code maxEntryPages} pages; default 96 MiB
 * @param walFileBytes nominal size of a WAL file; a block may exceed it; default 64 MiB
 * @param redoBytesMax the cleaner keeps redo after a crash below about this many WAL bytes; default 256 MiB
 * @param flushBatchPages pages written and synced together by the cleaner; default 512
 * @param reserveBytes free disk below which client writes are refused (the store itself may use it); default 256 MiB
 * @param snapshotBytes memory of the pool for page versions that only readers and snapshots still need; past it the
 *     oldest snapshot ends with {@code SNAPSHOT_TOO_OLD}, and with 0 any does whose page changes; at most three
 *     quarters of {@code poolBytes}, default a quarter
 * @param cleaner whether the engine runs its own cleaner thread; false lets a test step it
 * @param lsnGaps whether LSNs may leave values out, as those of a clock do; a store that was opened so once stays so; such
 *     a log cannot be shipped; default false
 * @param hotTierBytes page bytes that stay on the local disk, about: past it pages leave that a checkpoint outside has too,
 *     those first that nobody used lately; 0, the default, keeps all
 */
public record EngineOptions(
        int pageBytes,
        int maxEntryPages,
        long poolBytes,
        long walFileBytes,
        long redoBytesMax,
        int flushBatchPages,
        long reserveBytes,
        long snapshotBytes,
        boolean cleaner,
        boolean lsnGaps,
        long hotTierBytes) {

    /** Without gaps between LSNs. */
    public EngineOptions(
            int pageBytes,
            int maxEntryPages,
            long poolBytes,
            long walFileBytes,
            long redoBytesMax,
            int flushBatchPages,
            long reserveBytes,
            long snapshotBytes,
            boolean cleaner) {
        this(
                pageBytes,
                maxEntryPages,
                poolBytes,
                walFileBytes,
                redoBytesMax,
                flushBatchPages,
                reserveBytes,
                snapshotBytes,
                cleaner,
                false,
                0);
    }

    /** With the default {@code snapshotBytes}. */
    public EngineOptions(
            int pageBytes,
            int maxEntryPages,
            long poolBytes,
            long walFileBytes,
            long redoBytesMax,
            int flushBatchPages,
            long reserveBytes,
            boolean cleaner) {
        this(
                pageBytes,
                maxEntryPages,
                poolBytes,
                walFileBytes,
                redoBytesMax,
                flushBatchPages,
                reserveBytes,
                poolBytes / 4,
                cleaner);
    }

    public static EngineOptions defaults() {
        return new EngineOptions(8 << 10, 4096, 96L << 20, 64L << 20, 256L << 20, 512, 256L << 20, true);
    }

    public EngineOptions {
        require(
                Integer.bitCount(pageBytes) == 1 && pageBytes >= 1 << 10 && pageBytes <= 1 << 16,
                "pageBytes",
                pageBytes);
        require(maxEntryPages >= 16, "maxEntryPages", maxEntryPages);
        require(poolBytes >= 2L * maxEntryPages * pageBytes, "poolBytes (at least 2 x maxEntryPages pages)", poolBytes);
        require(walFileBytes >= 4096, "walFileBytes", walFileBytes);
        require(redoBytesMax >= walFileBytes, "redoBytesMax (at least walFileBytes)", redoBytesMax);
        require(flushBatchPages >= 1, "flushBatchPages", flushBatchPages);
        require(reserveBytes >= 0, "reserveBytes", reserveBytes);
        require(hotTierBytes >= 0, "hotTierBytes", hotTierBytes);
        require(
                snapshotBytes >= 0 && snapshotBytes <= poolBytes / 4 * 3,
                "snapshotBytes (at most three quarters of poolBytes)",
                snapshotBytes);
    }

    /** The same, for LSNs that leave values out. */
    public EngineOptions withLsnGaps() {
        return new EngineOptions(
                pageBytes,
                maxEntryPages,
                poolBytes,
                walFileBytes,
                redoBytesMax,
                flushBatchPages,
                reserveBytes,
                snapshotBytes,
                cleaner,
                true,
                hotTierBytes);
    }

    /** The same, with a budget for the pages on the local disk. */
    public EngineOptions withHotTier(long bytes) {
        return new EngineOptions(
                pageBytes,
                maxEntryPages,
                poolBytes,
                walFileBytes,
                redoBytesMax,
                flushBatchPages,
                reserveBytes,
                snapshotBytes,
                cleaner,
                lsnGaps,
                bytes);
    }

    private static void require(boolean holds, String option, long found) {
        if (!holds) {
            throw new TidemarkException(ErrorKind.INVALID, "engine option " + option + " cannot be " + found);
        }
    }
}
