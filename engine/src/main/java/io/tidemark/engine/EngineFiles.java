package io.tidemark.engine;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.Disk;
import io.tidemark.engine.store.ColdPages;
import io.tidemark.engine.store.FilePageStore;
import io.tidemark.engine.store.LmdbPageTable;
import io.tidemark.engine.store.PageTable;
import io.tidemark.engine.wal.FileWriteAheadLog;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Where an engine keeps its files.
 *
 * <pre>
 *   DIRECTORY/wal/        log files
 *   DIRECTORY/pages.dat   slots of pages
 *   DIRECTORY/table/      LMDB: page table and checkpoint
 *   DIRECTORY/origin      the checkpoint that the store began with, if it began with one
 * </pre>
 */
public record EngineFiles(Path directory) {
    public Path wal() {
        return directory.resolve("wal");
    }

    public Path pages() {
        return directory.resolve("pages.dat");
    }

    public Path table() {
        return directory.resolve("table");
    }

    /** Opens the real page table, making the directory when there is none. */
    public PageTable lmdb(Disk disk, Halt halt) {
        makeDirectory(disk);
        return new LmdbPageTable(disk, table(), LmdbPageTable.MAP_BYTES, halt);
    }

    /**
     * Opens the files on any disk, with any table; the table is closed with the rest, or when this fails.
     */
    public Engine.Parts open(Disk disk, PageTable table, EngineOptions options, MetricRegistry metrics, Halt halt) {
        return open(disk, table, options, ColdPages.NONE, metrics, halt);
    }

    /**
     * As above.
     *
     * @param cold where pages are that have left the local disk
     */
    public Engine.Parts open(
            Disk disk, PageTable table, EngineOptions options, ColdPages cold, MetricRegistry metrics, Halt halt) {
        makeDirectory(disk);
        FilePageStore store;
        try {
            store = new FilePageStore(disk, pages(), FilePageStore.Options.of(options.pageBytes()), table, cold, halt);
        } catch (RuntimeException | Error e) {
            table.close();
            throw e;
        }
        FileWriteAheadLog log = new FileWriteAheadLog(
                disk, wal(), options.walFileBytes(), options.lsnGaps(), options.keepChains(), halt);
        return new Engine.Parts(store, log, metrics, halt);
    }

    private void makeDirectory(Disk disk) {
        try {
            disk.createDirectories(directory);
        } catch (IOException e) {
            throw new TidemarkException(
                    ErrorKind.UNAVAILABLE, "directory " + directory + " cannot be made: " + e.getMessage(), e);
        }
    }
}
