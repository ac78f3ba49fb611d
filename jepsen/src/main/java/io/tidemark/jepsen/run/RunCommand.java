package io.tidemark.jepsen.run;

import io.tidemark.jepsen.checker.Anomaly;
import io.tidemark.jepsen.checker.Verdict;
import io.tidemark.jepsen.plant.PlantedFault;
import io.tidemark.jepsen.report.RunReport;
import io.tidemark.jepsen.report.RunSummary;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code run}. */
@Command(
        name = "run",
        description = {
            "Starts a cluster, lets a workload work and nemeses strike, heals, and judges what happened.",
            "Exit code 0: valid; 1: invalid, unknown, or no run; 2: wrong usage."
        })
public final class RunCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--workload",
            paramLabel = "W",
            split = ",",
            defaultValue = "register",
            description = "see list; several, or all, work beside one another (default: ${DEFAULT-VALUE})")
    private List<String> workloads;

    @Option(
            names = "--nemesis",
            paramLabel = "N",
            split = ",",
            description = "see list; several, or all, strike at random, those of different fronts beside one another")
    private List<String> nemeses = List.of();

    @Option(
            names = "--time",
            paramLabel = "TIME",
            converter = Durations.class,
            defaultValue = "60s",
            description = "how long, as 90, 90s, 5m or 1h (default: ${DEFAULT-VALUE})")
    private Duration time;

    @Option(names = "--seed", paramLabel = "N", description = "of workloads and nemeses (default: a random one)")
    private Long seed;

    @Mixin
    private Shape shape;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "for history, report and verdict (default: jepsen/runs/WORKLOAD-NEMESIS-SEED)")
    private Path out;

    @Option(names = "--plant", paramLabel = "FAULT", description = "lets the daemons have a bug; see list")
    private String planted;

    @Override
    public Integer call() throws IOException {
        RunOptions options;
        try {
            options = options();
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage());
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println("seed " + options.seed() + ": " + options.command());
        RunSummary summary;
        try {
            summary = new Run(options, out::println).run();
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage());
        }
        print(options, summary, out);
        return summary.outcome() == Verdict.Outcome.VALID ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private RunOptions options() {
        long chosen = seed != null ? seed : ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
        String name = String.join(",", workloads) + "-" + (nemeses.isEmpty() ? "none" : String.join("+", nemeses)) + "-"
                + chosen;
        Path directory = out != null ? out : Path.of("jepsen", "runs", name);
        return shape.options(workloads, nemeses, time, chosen, directory, fault(planted));
    }

    private static Optional<PlantedFault> fault(String name) {
        if (name != null && PlantedFault.of(name).isEmpty()) {
            throw new IllegalArgumentException("there is no planted fault '" + name + "'; list names them");
        }
        return Optional.ofNullable(name).flatMap(PlantedFault::of);
    }

    private static void print(RunOptions options, RunSummary run, PrintWriter out) {
        out.println();
        out.println(run.line());
        out.println("  blows: " + (run.faults().isEmpty() ? "none" : run.faults()));
        run.figures().forEach((name, count) -> out.printf(Locale.ROOT, "  %s: %,d%n", name, count));
        run.notes().forEach(note -> out.println("  note: " + note));
        for (Anomaly anomaly : run.anomalies()) {
            out.println();
            out.println(anomaly.type() + ": " + anomaly.explanation());
        }
        out.println("  report: "
                + options.out().resolve(options.workloads().size() == 1 ? RunReport.PAGE : "*/" + RunReport.PAGE));
        out.println("  again:  " + options.command());
        out.flush();
    }
}
