package io.tidemark.jepsen.run;

import io.tidemark.jepsen.checker.Verdict;
import io.tidemark.jepsen.nemesis.Catalogue;
import io.tidemark.jepsen.report.Ledger;
import io.tidemark.jepsen.report.RunReport;
import io.tidemark.jepsen.report.RunSummary;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sweep}. */
@Command(
        name = "sweep",
        description = {
            "Runs all workloads under each nemesis alone, one nemesis after another, and prints a row for each.",
            "A nemesis with a valid run in the directory is left out, so that what was cut short can be gone on with.",
            "Exit code 0: all are valid; 1: some are not; 2: wrong usage."
        })
public final class SweepCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--workload", paramLabel = "W", split = ",", defaultValue = "all", description = "default: all")
    private List<String> workloads;

    @Option(
            names = "--nemesis",
            paramLabel = "N",
            split = ",",
            description = "these only (default: each that there is)")
    private List<String> nemeses = List.of();

    @Option(
            names = "--time",
            paramLabel = "TIME",
            converter = Durations.class,
            defaultValue = "2m",
            description = "of each run (default: ${DEFAULT-VALUE})")
    private Duration time;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "of every run (default: 1)")
    private long seed;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "jepsen/runs/sweep",
            description = "a directory for each nemesis is made there (default: ${DEFAULT-VALUE})")
    private Path out;

    @Mixin
    private Shape shape;

    @Override
    public Integer call() throws IOException {
        List<RunOptions> runs = new ArrayList<>();
        try {
            for (String nemesis : nemeses.isEmpty() ? Catalogue.names() : nemeses) {
                runs.add(
                        shape.options(workloads, List.of(nemesis), time, seed, out.resolve(nemesis), Optional.empty()));
            }
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        PrintWriter console = spec.commandLine().getOut();
        List<String> failed = new ArrayList<>();
        for (RunOptions run : runs) {
            String nemesis = run.nemeses().get(0);
            if (before(run.out()) != Verdict.Outcome.VALID && !valid(run, console)) {
                failed.add(nemesis);
            }
        }
        console.println(failed.isEmpty() ? "all valid" : "not valid: " + String.join(", ", failed));
        return failed.isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private static Verdict.Outcome before(Path directory) throws IOException {
        Path summary = directory.resolve(RunReport.SUMMARY);
        return Files.exists(summary) ? RunSummary.read(summary).outcome() : Verdict.Outcome.UNKNOWN;
    }

    private static boolean valid(RunOptions run, PrintWriter console) throws IOException {
        console.println(run.command());
        try {
            RunSummary summary = new Run(run, line -> console.println("    " + line)).run();
            console.println(Ledger.row(summary));
            summary.anomalies()
                    .forEach(anomaly -> console.println("  " + anomaly.type() + ": " + anomaly.explanation()));
            return summary.outcome() == Verdict.Outcome.VALID;
        } catch (IllegalArgumentException | IllegalStateException | AssertionError e) {
            console.println("  no run: " + e.getMessage());
            return false;
        } finally {
            console.flush();
        }
    }
}
