package io.tidemark.bench.coldstart;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.bench.trial.Permutation;
import io.tidemark.engine.Engine;
import io.tidemark.engine.EngineFiles;
import io.tidemark.engine.EngineOptions;
import io.tidemark.engine.StorageEngine.Row;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.Disk;
import io.tidemark.engine.io.RealDisk;
import io.tidemark.recovery.ScratchPages;
import io.tidemark.recovery.StoreDirectory;
import io.tidemark.recovery.View;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.pack.PackedPages;
import io.tidemark.shipper.store.ObjectStore;
import io.tidemark.shipper.store.ObjectStore.ObjectInfo;
import io.tidemark.shipper.store.S3ObjectStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;

/** Reads a view with a budget for its pages on the disk: rows of pages that are in S3 alone, then a trace with favourites. */
public final class ColdReadRun {
    private static final double SKEW = 0.99;
    private static final long SEED = 11;

    /** A filled page has so many rows of 1 KiB, all of one item of the trace. */
    private static final int ROWS_OF_PAGE = 7;

    /** The least that entries of the default limit go with. */
    private static final long POOL_BYTES = 64L << 20;

    private final LongSupplier nanoClock;
    private final TrialHistory made;
    private final Plan plan;
    private final Consumer<String> progress;

    /**
     * How much.
     *
     * @param mebibytes of values
     * @param hotBytes of pages on the disk
     * @param timed reads of each kind whose time is taken
     * @param counted reads of the trace that are counted, behind as many that are not
     */
    public record Plan(long mebibytes, long hotBytes, int timed, int counted) {}

    public ColdReadRun(LongSupplier nanoClock, TrialHistory made, Plan plan, Consumer<String> progress) {
        this.nanoClock = nanoClock;
        this.made = made;
        this.plan = plan;
        this.progress = progress;
    }

    /** @param scratch for the view's files */
    public ColdReads measure(Path scratch) {
        MetricRegistry metrics = new MetricRegistry();
        try (S3ObjectStore store = S3ObjectStore.open(made.s3(), new MetricRegistry())) {
            ScratchPages cold = new ScratchPages(new PackedPages(store, nanoClock));
            StoreDirectory place = new StoreDirectory(scratch, path -> open(path, cold, metrics), cold);
            HistoryReader reader = new HistoryReader(store);
            long lsn = reader.newestManifest(made.history()).orElseThrow().mark();
            try (View view = View.open(reader, made.history(), lsn, place, step -> {})) {
                return measure(view, store, metrics);
            }
        }
    }

    private Engine open(Path directory, ScratchPages cold, MetricRegistry metrics) {
        EngineOptions options = EngineOptions.builder()
                .poolBytes(POOL_BYTES)
                .hotTierBytes(plan.hotBytes)
                .build();
        Disk disk = new RealDisk();
        EngineFiles files = new EngineFiles(directory);
        return Engine.open(files.open(disk, files.lmdb(disk, Halt.THROW), options, cold, metrics, Halt.THROW), options);
    }

    private ColdReads measure(View view, ObjectStore store, MetricRegistry metrics) {
        int items = (int) (MadeHistory.rows(plan.mebibytes) / ROWS_OF_PAGE);
        Histogram cold = new Histogram(3);
        Histogram plain = new Histogram(3);
        Histogram warm = new Histogram(3);
        PlainGets gets = new PlainGets(store, made.pages());
        Permutation order = new Permutation(items, SEED);
        int[] asked = new int[plan.timed + 2 * plan.counted];
        for (int i = 0; i < plan.timed; i++) {
            asked[i] = order.at(i);
            long row = (long) asked[i] * ROWS_OF_PAGE;
            cold.recordValue(micros(() -> read(view, row)));
            plain.recordValue(micros(gets::get));
            warm.recordValue(micros(() -> read(view, row)));
        }
        progress.accept(String.format(
                "cold p50 %,d us, plain p50 %,d us", cold.getValueAtPercentile(50), plain.getValueAtPercentile(50)));
        int[] trace = ZipfTrace.of(items, SKEW, 2 * plan.counted, SEED);
        System.arraycopy(trace, 0, asked, plan.timed, trace.length);
        int from = plan.timed + plan.counted;
        Random random = new Random(SEED);
        long before = 0;
        for (int i = plan.timed; i < asked.length; i++) {
            if (i == from) {
                before = faults(metrics);
            }
            read(view, (long) asked[i] * ROWS_OF_PAGE + random.nextInt(ROWS_OF_PAGE));
        }
        double hitRate = 1 - (double) (faults(metrics) - before) / plan.counted;
        progress.accept(String.format("hit rate %.3f", hitRate));
        int pageBytes = EngineOptions.defaults().pageBytes();
        int hotPages = (int) (plan.hotBytes / pageBytes);
        int poolPages = (int) (POOL_BYTES / pageBytes);
        return new ColdReads(
                plan.mebibytes,
                made.pages(),
                hotPages,
                poolPages,
                cold,
                plain,
                warm,
                plan.counted,
                hitRate,
                Caches.ideal(asked, from, hotPages + poolPages),
                Caches.leastRecentlyUsed(asked, from, hotPages + poolPages));
    }

    private long micros(Runnable step) {
        long begun = nanoClock.getAsLong();
        step.run();
        return Math.max(1, (nanoClock.getAsLong() - begun) / 1_000);
    }

    private static void read(View view, long row) {
        Row found = view.get(MadeHistory.KEYSPACE, MadeHistory.key(row))
                .orElseThrow(() -> new TidemarkException(ErrorKind.CORRUPT, "row " + row + " is not there"));
        if (found.version().lsn() != MadeHistory.lsn(row)) {
            throw new TidemarkException(ErrorKind.CORRUPT, "row " + row + " is of " + found.version());
        }
    }

    private static long faults(MetricRegistry metrics) {
        return ((Number) metrics.getGauges().get("engine.cold.faults").getValue()).longValue();
    }

    /** Ranged GETs at random places of the packs, of the bytes that a page has there. */
    private static final class PlainGets {
        private final ObjectStore store;
        private final List<ObjectInfo> packs;
        private final int bytes;
        private final Random random = new Random(SEED);

        PlainGets(ObjectStore store, long pages) {
            this.store = store;
            this.packs = store.list("", null).stream()
                    .filter(object -> object.key().endsWith(".pack"))
                    .toList();
            long sum = packs.stream().mapToLong(ObjectInfo::bytes).sum();
            this.bytes = (int) (sum / pages);
        }

        void get() {
            ObjectInfo pack = packs.get(random.nextInt(packs.size()));
            long offset = (long) (random.nextDouble() * Math.max(1, pack.bytes() - bytes));
            int length = (int) Math.min(bytes, pack.bytes() - offset);
            if (store.getRange(pack.key(), offset, length).orElseThrow().length != length) {
                throw new TidemarkException(
                        ErrorKind.CORRUPT, "a GET of " + length + " B of " + pack.key() + " was cut off");
            }
        }
    }
}
