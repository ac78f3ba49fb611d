package io.tidemark.recovery.crash;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.ColdSeed;
import io.tidemark.engine.Engine;
import io.tidemark.engine.EngineFiles;
import io.tidemark.engine.EngineOptions;
import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.engine.StoreSeed;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.io.SimulatedDisk;
import io.tidemark.engine.store.ColdPages;
import io.tidemark.engine.store.FilePageStore;
import io.tidemark.engine.store.MemoryColdPages;
import io.tidemark.engine.store.SimulatedPageTable;
import io.tidemark.engine.wal.FileWriteAheadLog;
import java.nio.file.Path;
import java.util.Random;

/**
 * A small store: pages of 1 KiB, the smallest pool for entries of {@link #ENTRY_PAGES} pages, and a page file that grows
 * by a few slots, so that they are soon used again.
 */
record StoreOnDisk(EngineOptions options, FilePageStore.Options pages) {
    static final int PAGE_BYTES = 1024;
    static final int ENTRY_PAGES = 112;
    static final EngineFiles FILES = new EngineFiles(Path.of("/node/engine"));

    /** Flushing as it likes; what it makes of a log is the same. */
    static StoreOnDisk random(Random random) {
        return random(random, ENTRY_PAGES);
    }

    /** For a store that judges by itself what an entry may change, and judges with care. */
    static StoreOnDisk standalone(Random random) {
        StoreOnDisk shipped = random(random, 2 * ENTRY_PAGES);
        return new StoreOnDisk(shipped.options.toBuilder().keepChains(false).build(), shipped.pages);
    }

    private static StoreOnDisk random(Random random, int entryPages) {
        long redoBytesMax = 4096L << random.nextInt(6);
        int flushBatchPages = 1 + random.nextInt(16);
        return new StoreOnDisk(
                new EngineOptions(
                        PAGE_BYTES,
                        entryPages,
                        2L * entryPages * PAGE_BYTES,
                        4096,
                        redoBytesMax,
                        flushBatchPages,
                        0,
                        false),
                new FilePageStore.Options(PAGE_BYTES, 1 + random.nextInt(8)));
    }

    /** Of any shape; the pool is that much larger than it has to be. */
    static StoreOnDisk of(Random random, int pageBytes, int entryPages, int poolTimes) {
        int walFileBytes = 4096 << random.nextInt(8);
        return new StoreOnDisk(
                new EngineOptions(
                        pageBytes,
                        entryPages,
                        2L * poolTimes * entryPages * pageBytes,
                        walFileBytes,
                        (long) walFileBytes << random.nextInt(6),
                        1 + random.nextInt(64),
                        0,
                        false),
                new FilePageStore.Options(pageBytes, 1 + random.nextInt(32)));
    }

    /** A disk with a store that begins at that LSN of the log, its pages elsewhere (rule CT5). */
    SimulatedDisk begun(LogScript script, long lsn) {
        SimulatedDisk disk = new SimulatedDisk();
        disk.createDirectories(FILES.directory().getParent());
        MemoryColdPages cold = script.cold();
        long pageIds = cold.pageIds(lsn);
        long term = script.model(lsn).term();
        long chain = script.reference().chain(lsn);
        Checkpoint origin = new Checkpoint(lsn, -1, term, chain, "root", 1, "00".repeat(32));
        try (ColdSeed seed = ColdSeed.begin(
                disk,
                FILES.directory(),
                new StoreSeed.State(lsn, term, chain, options.pageBytes(), pageIds),
                origin,
                cold,
                files -> new SimulatedPageTable(disk, files.table(), Halt.THROW),
                Halt.THROW)) {
            seed.add(cold.rows(lsn, pageIds));
            seed.finish();
        }
        return disk;
    }

    /** Opens what the disk holds, or makes it. */
    Engine open(SimulatedDisk disk) {
        return open(disk, ColdPages.NONE);
    }

    /** As above; pages may leave for there. */
    Engine open(SimulatedDisk disk, ColdPages cold) {
        disk.createDirectories(FILES.directory());
        SimulatedPageTable table = new SimulatedPageTable(disk, FILES.table(), Halt.THROW);
        FilePageStore store = new FilePageStore(disk, FILES.pages(), pages, table, cold, Halt.THROW);
        FileWriteAheadLog wal = new FileWriteAheadLog(
                disk, FILES.wal(), options.walFileBytes(), options.lsnGaps(), options.keepChains(), Halt.THROW);
        return Engine.open(new Engine.Parts(store, wal, new MetricRegistry(), Halt.THROW), options);
    }
}
