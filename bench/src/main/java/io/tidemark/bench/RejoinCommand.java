package io.tidemark.bench;

import io.tidemark.bench.cluster.TidemarkCluster;
import io.tidemark.bench.rejoin.RejoinRun;
import io.tidemark.bench.rejoin.Rejoined;
import io.tidemark.bench.rejoin.TroubledStore;
import io.tidemark.bench.rejoin.TroubledStore.Trouble;
import io.tidemark.bench.report.Machine;
import io.tidemark.bench.report.RejoinReport;
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
        name = "rejoin",
        mixinStandardHelpOptions = true,
        description =
                "Seconds until a node that lost its disk answers, and votes, for clusters of several sizes and under load,"
                        + " and for one size with an S3 that is slow, and one that fails. Takes four times the"
                        + " data on disk.")
final class RejoinCommand implements Callable<Integer> {
    @Option(names = "--mib", split = ",", description = "MiB of values, each a cluster. Default: ${DEFAULT-VALUE}.")
    private List<Long> mebibytes = List.of(100L, 1024L, 5120L);

    @Option(
            names = "--troubled-mib",
            description =
                    "MiB of values while S3 is slow or fails; more than the log grows by between two checkpoints, so"
                            + " that the node begins at one. Default: ${DEFAULT-VALUE}.")
    private long troubledMebibytes = 256;

    @Option(names = "--dir", description = "Where the clusters keep their files. Default: the temporary directory.")
    private Path directory;

    @Mixin
    private PageOut out;

    @Override
    public Integer call() throws IOException {
        Machine machine = Machine.here();
        List<Rejoined> ways = new ArrayList<>();
        for (long size : mebibytes) {
            ways.add(measure(size, Trouble.NONE));
        }
        for (Trouble trouble : Trouble.values()) {
            ways.add(measure(troubledMebibytes, trouble));
        }
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        String page = new RejoinReport(ways, machine, today).markdown();
        out.write(today, "rejoin", page);
        return 0;
    }

    private Rejoined measure(long size, Trouble trouble) throws IOException {
        try (ScratchDirectory scratch = ScratchDirectory.under(directory);
                TroubledStore store = TroubledStore.start(scratch.path().resolve("s3"));
                TidemarkCluster cluster = TidemarkCluster.start(
                        scratch.path().resolve("tidemark"), TroubledStore.environment(), store.options())) {
            Rejoined way =
                    new RejoinRun(System::nanoTime, cluster, System.err::println).measure(size, trouble, store::begin);
            System.err.println(way);
            return way;
        }
    }
}
