package io.tidemark.bench;

import io.tidemark.bench.coldstart.FirstRead;
import io.tidemark.bench.coldstart.FirstRead.Way;
import io.tidemark.bench.coldstart.MadeHistory;
import io.tidemark.bench.coldstart.TrialHistory;
import io.tidemark.bench.report.ColdStartReport;
import io.tidemark.bench.report.Machine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "view",
        mixinStandardHelpOptions = true,
        description =
                "Seconds until a view of a history in S3 has answered for the first time, for histories of several"
                        + " sizes.")
final class ViewCommand implements Callable<Integer> {
    @Option(names = "--mib", split = ",", description = "MiB of values, each a history. Default: ${DEFAULT-VALUE}.")
    private List<Long> mebibytes = List.of(20L, 200L, 1024L);

    @Option(names = "--reads", description = "Views of each, each of another row. Default: ${DEFAULT-VALUE}.")
    private int reads = 3;

    @Option(names = "--dir", description = "Where S3 and the stores are. Default: the temporary directory.")
    private Path directory;

    @Mixin
    private PageOut out;

    @Override
    public Integer call() throws IOException {
        Machine machine = Machine.here();
        List<FirstRead> found = new ArrayList<>();
        measure(1, new ArrayList<>()); // loads the classes
        for (long each : mebibytes) {
            measure(each, found);
        }
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        String page = new ColdStartReport(found, machine, today).markdown();
        out.write(today, "view", page);
        return 0;
    }

    private void measure(long size, List<FirstRead> found) throws IOException {
        try (ScratchDirectory scratch = ScratchDirectory.under(directory);
                TrialHistory made = TrialHistory.make(scratch.path(), size)) {
            for (int i = 0; i < reads; i++) {
                long row = MadeHistory.rows(size) * (2 * i + 1) / (2 * reads);
                note(read(made, size, Way.ROWS_ALONE, row, scratch, i), found);
            }
            note(read(made, size, Way.ALL_PAGES, 0, scratch, reads), found);
        }
    }

    private static FirstRead read(
            TrialHistory made, long size, Way way, long row, ScratchDirectory scratch, int number) {
        Path place = scratch.path().resolve("view-" + number);
        long lsn = made.checkpoint().lsn();
        return FirstRead.of(made.s3(), made.history(), lsn, made.pages(), size, way, row, place);
    }

    private static void note(FirstRead read, List<FirstRead> found) {
        found.add(read);
        System.err.println(read);
    }
}
