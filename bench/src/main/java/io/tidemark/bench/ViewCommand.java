package io.tidemark.bench;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.bench.coldstart.FirstRead;
import io.tidemark.bench.coldstart.FirstRead.Way;
import io.tidemark.bench.coldstart.MadeHistory;
import io.tidemark.bench.report.ColdStartReport;
import io.tidemark.bench.report.Machine;
import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.shipper.manifest.HistoryRecord;
import io.tidemark.shipper.pack.PageDirectory;
import io.tidemark.shipper.store.S3ObjectStore;
import io.tidemark.shipper.store.S3Options;
import io.tidemark.shipper.trial.TrialS3Endpoint;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "view",
        mixinStandardHelpOptions = true,
        description =
                "Seconds until a view of a history in S3 has answered for the first time, for histories of several"
                        + " sizes.")
final class ViewCommand implements Callable<Integer> {
    private static final String BUCKET = "bench";

    @Option(names = "--mib", split = ",", description = "MiB of values, each a history. Default: ${DEFAULT-VALUE}.")
    private List<Long> mebibytes = List.of(20L, 200L, 1024L);

    @Option(names = "--reads", description = "Views of each, each of another row. Default: ${DEFAULT-VALUE}.")
    private int reads = 3;

    @Option(names = "--dir", description = "Where S3 and the stores are. Default: the temporary directory.")
    private Path directory;

    @Option(
            names = "--out",
            description = "Writes the page here: a file, or a directory for DATE-view.md in it (docs/benchmarks).")
    private Path out;

    @Override
    public Integer call() throws IOException {
        Machine machine = Machine.here();
        List<FirstRead> found = new ArrayList<>();
        String load = String.format(
                Locale.ROOT,
                "%.1f",
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        measure(1, new ArrayList<>()); // loads the classes
        for (long each : mebibytes) {
            measure(each, found);
        }
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        String page = new ColdStartReport(found, machine, today, load).markdown();
        System.out.println(page);
        if (out != null) {
            Path file = Files.isDirectory(out) ? out.resolve(today + "-view.md") : out;
            Files.writeString(file, page);
            System.err.println("written to " + file);
        }
        return 0;
    }

    private void measure(long size, List<FirstRead> found) throws IOException {
        try (ScratchDirectory scratch = ScratchDirectory.under(directory)) {
            Path files = scratch.path().resolve("s3");
            Files.createDirectories(files.resolve(BUCKET));
            try (TrialS3Endpoint endpoint = new TrialS3Endpoint(0, files).start()) {
                S3Options s3 =
                        S3Options.of(endpoint.endpoint(), BUCKET, "bench").withCredentials(TrialS3Endpoint.CREDENTIALS);
                String history = UUID.randomUUID().toString();
                Checkpoint made;
                long pages;
                try (S3ObjectStore store = S3ObjectStore.open(s3, new MetricRegistry())) {
                    HistoryRecord record = new HistoryRecord(history, "", -1, history, 0);
                    store.putIfAbsent(record.key(), record.encode());
                    made = MadeHistory.make(store, history, size, scratch.path().resolve("leader"));
                    pages = PageDirectory.open(store, made.directory(), made.sha256())
                            .root()
                            .pageIds();
                }
                for (int i = 0; i < reads; i++) {
                    long row = MadeHistory.rows(size) * (2 * i + 1) / (2 * reads);
                    note(read(s3, history, made, pages, size, Way.ROWS_ALONE, row, scratch, i), found);
                }
                note(read(s3, history, made, pages, size, Way.ALL_PAGES, 0, scratch, reads), found);
            }
        }
    }

    private static FirstRead read(
            S3Options s3,
            String history,
            Checkpoint made,
            long pages,
            long size,
            Way way,
            long row,
            ScratchDirectory scratch,
            int number) {
        Path place = scratch.path().resolve("view-" + number);
        return FirstRead.of(s3, history, made.lsn(), pages, size, way, row, place);
    }

    private static void note(FirstRead read, List<FirstRead> found) {
        found.add(read);
        System.err.println(read);
    }
}
