package io.tidemark.jepsen.run;

import io.tidemark.jepsen.nemesis.Pace;
import io.tidemark.jepsen.plant.PlantedFault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options of all commands that run something. */
final class Shape {

    @Option(names = "--nodes", paramLabel = "3|5", defaultValue = "3", description = "default: ${DEFAULT-VALUE}")
    private int nodes;

    @Option(
            names = "--blow",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "the longest blow, as 10s (default: a quarter of the time, a minute at most)")
    private Duration longestBlow;

    @Option(
            names = "--processes",
            paramLabel = "N",
            defaultValue = RunOptions.PROCESSES,
            description = "callers at once of each workload (default: ${DEFAULT-VALUE})")
    private int processes;

    @Option(
            names = "--stagger",
            paramLabel = "TIME",
            converter = Durations.class,
            defaultValue = "0ms",
            description = "mean rest of a caller between its calls, as 20ms (default: none)")
    private Duration stagger;

    /** Checked; {@link IllegalArgumentException} says what is wrong. */
    RunOptions options(
            List<String> workloads,
            List<String> nemeses,
            Duration time,
            long seed,
            Path out,
            Optional<PlantedFault> planted) {
        return new RunOptions(
                workloads,
                nemeses,
                nodes,
                time,
                longestBlow != null ? longestBlow : Pace.longestOf(time),
                seed,
                processes,
                stagger,
                out.toAbsolutePath(),
                planted);
    }
}
