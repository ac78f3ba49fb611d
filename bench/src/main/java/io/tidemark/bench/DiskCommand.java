package io.tidemark.bench;

import io.tidemark.bench.cluster.Comparison.Probe;
import io.tidemark.bench.disk.DiskProbe;
import io.tidemark.bench.report.ClusterReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "disk",
        mixinStandardHelpOptions = true,
        description = "The disk's own rate: 4 KiB and 1 MiB appends with fdatasync, one and three writers.")
final class DiskCommand implements Callable<Integer> {
    @Option(names = "--dir", description = "Directory on the disk to probe; made if absent. Default: a temporary one.")
    private Path directory;

    @Option(names = "--seconds", defaultValue = "4", description = "Length of each of the four probes. Default: 4.")
    private int seconds;

    @Override
    public Integer call() throws Exception {
        try (ScratchDirectory scratch = ScratchDirectory.under(directory)) {
            Path probed = Files.createDirectories(scratch.path());
            DiskProbe disk = new DiskProbe(System::nanoTime, probed);
            System.out.print(ClusterReport.disk(List.of(new Probe(1, "alone", disk.all(Duration.ofSeconds(seconds))))));
        }
        return 0;
    }
}
