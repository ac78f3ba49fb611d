package io.tidemark.bench;

import io.tidemark.bench.coldstart.ColdReadRun;
import io.tidemark.bench.coldstart.ColdReads;
import io.tidemark.bench.coldstart.TrialHistory;
import io.tidemark.bench.report.ColdReadsReport;
import io.tidemark.bench.report.Machine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "cold-reads",
        mixinStandardHelpOptions = true,
        description =
                "What reads cost whose pages are in S3, beside plain ranged GETs; and how many find their page on a"
                        + " small local disk, beside an ideal cache.")
final class ColdReadsCommand implements Callable<Integer> {
    @Option(names = "--mib", description = "MiB of values. Default: ${DEFAULT-VALUE}.")
    private long mebibytes = 1024;

    @Option(names = "--hot-mib", description = "MiB of pages that the disk may keep. Default: a tenth.")
    private Long hotMebibytes;

    @Option(names = "--timed", description = "Reads of each kind that are timed. Default: ${DEFAULT-VALUE}.")
    private int timed = 2_000;

    @Option(
            names = "--counted",
            description =
                    "Reads of the trace that are counted, behind as many that are not. Default: ${DEFAULT-VALUE}.")
    private int counted = 100_000;

    @Option(names = "--dir", description = "Where S3 and the store are. Default: the temporary directory.")
    private Path directory;

    @Mixin
    private PageOut out;

    @Override
    public Integer call() throws IOException {
        Machine machine = Machine.here();
        long hotBytes = (hotMebibytes != null ? hotMebibytes : mebibytes / 10) << 20;
        ColdReadRun.Plan plan = new ColdReadRun.Plan(mebibytes, hotBytes, timed, counted);
        ColdReads reads;
        try (ScratchDirectory scratch = ScratchDirectory.under(directory);
                TrialHistory made = TrialHistory.make(scratch.path(), mebibytes)) {
            System.err.println(mebibytes + " MiB are in S3");
            reads = new ColdReadRun(System::nanoTime, made, plan, System.err::println)
                    .measure(scratch.path().resolve("view"));
        }
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        String page = new ColdReadsReport(reads, machine, today).markdown();
        out.write(today, "cold-reads", page);
        return 0;
    }
}
