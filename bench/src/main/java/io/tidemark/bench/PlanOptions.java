package io.tidemark.bench;

import io.tidemark.bench.cluster.Plan;
import io.tidemark.bench.load.ClosedLoop.Window;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What is measured, for how long and where: options that all commands on clusters share. */
final class PlanOptions {
    @Option(names = "--quick", description = "Less than two minutes in place of less than ten.")
    private boolean quick;

    @Option(names = "--values", split = ",", description = "Bytes of a value. Default: 128,1024,16384,1048576.")
    private List<Integer> values;

    @Option(names = "--writers", split = ",", description = "Writes in flight. Default: 1,64,512.")
    private List<Integer> writers;

    @Option(names = "--rounds", description = "Turns of each cluster. Default: 2, with --quick 1.")
    private Integer rounds;

    @Option(names = "--seconds", description = "Measured window of a row. Default: 3.5, with --quick 1.25.")
    private Double seconds;

    @Option(
            names = "--warm-up",
            description = "Least seconds of load on each cluster before. Default: 18, with --quick 5.")
    private Double warmUp;

    @Option(names = "--dir", description = "Where the clusters keep their files. Default: the temporary directory.")
    Path directory;

    @Option(names = "--log-metadata", description = "Bare Ratis with its log metadata on, which is its default.")
    boolean logMetadata;

    @Option(names = "--ratis-heap", defaultValue = "3g", description = "Heap of a bare Ratis server. Default: 3g.")
    String ratisHeap;

    @Mixin
    PageOut out;

    Plan plan() {
        Plan base = quick ? Plan.quick() : Plan.full();
        Window row = seconds == null
                ? base.row()
                : new Window(base.row().warmUp(), Duration.ofMillis(Math.round(seconds * 1000)));
        return new Plan(
                values == null ? base.values() : values,
                writers == null ? base.writers() : writers,
                rounds == null ? base.rounds() : rounds,
                warmUp == null ? base.warmUp() : Duration.ofMillis(Math.round(warmUp * 1000)),
                row,
                base.probe(),
                base.limit());
    }
}
