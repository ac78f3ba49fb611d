package io.tidemark.bench.coldstart;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.Engine;
import io.tidemark.engine.EngineFiles;
import io.tidemark.engine.EngineOptions;
import io.tidemark.engine.StorageEngine.Row;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.Disk;
import io.tidemark.engine.io.RealDisk;
import io.tidemark.engine.store.ColdPages;
import io.tidemark.recovery.ScratchPages;
import io.tidemark.recovery.StoreDirectory;
import io.tidemark.recovery.View;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.pack.PackedPages;
import io.tidemark.shipper.store.S3ObjectStore;
import io.tidemark.shipper.store.S3Options;
import java.nio.file.Path;

/**
 * What it took to answer from a history for the first time.
 *
 * @param mebibytes of values in it
 * @param way as a view does it, or with all pages first, as it was done before
 * @param pages of the checkpoint
 * @param openSeconds until the view could be asked
 * @param readSeconds from there to the first row
 * @param requests to S3 in all
 * @param bytes that came from it
 */
public record FirstRead(
        long mebibytes, Way way, long pages, double openSeconds, double readSeconds, long requests, long bytes) {

    /** How a store begins. */
    public enum Way {
        ROWS_ALONE,
        ALL_PAGES
    }

    /** Opens the state at the LSN in an empty directory and reads one row. */
    public static FirstRead of(
            S3Options s3, String history, long lsn, long pages, long mebibytes, Way way, long row, Path scratch) {
        MetricRegistry metrics = new MetricRegistry();
        try (S3ObjectStore store = S3ObjectStore.open(s3, metrics)) {
            long begun = System.nanoTime();
            ColdPages cold =
                    way == Way.ALL_PAGES ? ColdPages.NONE : new ScratchPages(new PackedPages(store, System::nanoTime));
            StoreDirectory place = new StoreDirectory(scratch, path -> open(path, cold), cold);
            try (View view = View.open(new HistoryReader(store), history, lsn, place, progress -> {})) {
                long open = System.nanoTime();
                Row found = view.get(MadeHistory.KEYSPACE, MadeHistory.key(row))
                        .orElseThrow(() -> new TidemarkException(ErrorKind.CORRUPT, "row " + row + " is not there"));
                long read = System.nanoTime();
                if (found.version().lsn() != MadeHistory.lsn(row)) {
                    throw new TidemarkException(ErrorKind.CORRUPT, "row " + row + " is of " + found.version());
                }
                return new FirstRead(
                        mebibytes,
                        way,
                        pages,
                        (open - begun) / 1e9,
                        (read - open) / 1e9,
                        requests(metrics),
                        metrics.counter("s3.bytes-received").getCount());
            }
        }
    }

    private static long requests(MetricRegistry metrics) {
        return metrics.getCounters((name, metric) -> name.startsWith("s3.requests.")).values().stream()
                .mapToLong(counter -> counter.getCount())
                .sum();
    }

    private static Engine open(Path directory, ColdPages cold) {
        EngineOptions options = EngineOptions.defaults();
        Disk disk = new RealDisk();
        EngineFiles files = new EngineFiles(directory);
        return Engine.open(
                files.open(disk, files.lmdb(disk, Halt.THROW), options, cold, new MetricRegistry(), Halt.THROW),
                options);
    }
}
