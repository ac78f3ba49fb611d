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
 * @param keepChains whether chain values of WAL files that are gone are kept until they are shipped, in memory and on disk,
 *     for comparison with other nodes; false where nothing is shipped, and with {@code lsnGaps} in any case: then they go
 *     with the files; default true
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
        boolean keepChains,
        long hotTierBytes) {

    /** A quarter of the pool for snapshots, no gaps, chains kept, no hot tier; {@link #builder} says by name what is given. */
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
                cleaner,
                false,
                true,
                0);
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

    public static EngineOptions defaults() {
        return new EngineOptions(8 << 10, 4096, 96L << 20, 64L << 20, 256L << 20, 512, 256L << 20, true);
    }

    /** The defaults, to be changed. */
    public static Builder builder() {
        return new Builder(defaults());
    }

    /** These options, to be changed. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    private static void require(boolean holds, String option, long found) {
        if (!holds) {
            throw new TidemarkException(ErrorKind.INVALID, "engine option " + option + " cannot be " + found);
        }
    }

    /** Options under way; {@link #build} checks them. What each means says the record. Not thread-safe. */
    public static final class Builder {
        private int pageBytes;
        private int maxEntryPages;
        private long poolBytes;
        private long walFileBytes;
        private long redoBytesMax;
        private int flushBatchPages;
        private long reserveBytes;
        private long snapshotBytes;
        private boolean cleaner;
        private boolean lsnGaps;
        private boolean keepChains;
        private long hotTierBytes;

        private Builder(EngineOptions from) {
            pageBytes = from.pageBytes;
            maxEntryPages = from.maxEntryPages;
            poolBytes = from.poolBytes;
            walFileBytes = from.walFileBytes;
            redoBytesMax = from.redoBytesMax;
            flushBatchPages = from.flushBatchPages;
            reserveBytes = from.reserveBytes;
            snapshotBytes = from.snapshotBytes;
            cleaner = from.cleaner;
            lsnGaps = from.lsnGaps;
            keepChains = from.keepChains;
            hotTierBytes = from.hotTierBytes;
        }

        public Builder pageBytes(int value) {
            pageBytes = value;
            return this;
        }

        public Builder maxEntryPages(int value) {
            maxEntryPages = value;
            return this;
        }

        /** Of it a quarter is for snapshots, unless {@link #snapshotBytes} is called after. */
        public Builder poolBytes(long value) {
            poolBytes = value;
            snapshotBytes = value / 4;
            return this;
        }

        public Builder walFileBytes(long value) {
            walFileBytes = value;
            return this;
        }

        public Builder redoBytesMax(long value) {
            redoBytesMax = value;
            return this;
        }

        public Builder flushBatchPages(int value) {
            flushBatchPages = value;
            return this;
        }

        public Builder reserveBytes(long value) {
            reserveBytes = value;
            return this;
        }

        public Builder snapshotBytes(long value) {
            snapshotBytes = value;
            return this;
        }

        public Builder cleaner(boolean value) {
            cleaner = value;
            return this;
        }

        public Builder lsnGaps(boolean value) {
            lsnGaps = value;
            return this;
        }

        public Builder keepChains(boolean value) {
            keepChains = value;
            return this;
        }

        public Builder hotTierBytes(long value) {
            hotTierBytes = value;
            return this;
        }

        /** @throws TidemarkException INVALID, naming the option that cannot be so */
        public EngineOptions build() {
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
                    keepChains,
                    hotTierBytes);
        }
    }
}
