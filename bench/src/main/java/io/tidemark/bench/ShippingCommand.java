package io.tidemark.bench;

import io.tidemark.bench.cluster.TidemarkCluster;
import io.tidemark.bench.report.Machine;
import io.tidemark.bench.report.ShippingReport;
import io.tidemark.bench.shipping.ShippingFigures;
import io.tidemark.bench.shipping.ShippingPlan;
import io.tidemark.bench.shipping.ShippingRun;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "shipping",
        mixinStandardHelpOptions = true,
        description =
                "What shipping to S3 costs: its rate beside plain PUTs of the same bytes, what writers feel of it, and"
                        + " requests and bytes for what is written.")
final class ShippingCommand implements Callable<Integer> {
    @Option(names = "--backlog", description = "MiB shipped for the rate. Default: ${DEFAULT-VALUE}.")
    private long backlogMebibytes = 512;

    @Option(names = "--writers", description = "Writes in flight for latency and costs. Default: ${DEFAULT-VALUE}.")
    private int writers = 64;

    @Option(names = "--value", description = "Bytes of their values. Default: ${DEFAULT-VALUE}.")
    private int valueBytes = 1024;

    @Option(names = "--seconds", description = "Each window of them. Default: ${DEFAULT-VALUE}.")
    private double seconds = 20;

    @Option(names = "--rounds", description = "Of everything, in turns. Default: ${DEFAULT-VALUE}.")
    private int rounds = 3;

    @Option(names = "--dir", description = "Where the cluster keeps its files. Default: the temporary directory.")
    private Path directory;

    @Mixin
    private PageOut out;

    @Override
    public Integer call() throws Exception {
        ShippingPlan plan = ShippingPlan.of(backlogMebibytes, writers, valueBytes, seconds, rounds);
        Machine machine = Machine.here();
        ShippingFigures figures;
        try (ScratchDirectory scratch = ScratchDirectory.under(directory);
                TidemarkCluster cluster = TidemarkCluster.start(scratch.path().resolve("tidemark"))) {
            figures = new ShippingRun(System::nanoTime, cluster, plan, System.err::println).measure();
        }
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        String page = new ShippingReport(figures, plan, machine, today).markdown();
        out.write(today, "shipping", page);
        return 0;
    }
}
