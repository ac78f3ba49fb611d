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
            "A nemesis with a valid run in the directory, or in the ledger with this seed, as many nodes, these workloads"
                    + " and this time, is left out: what was cut short can be gone on with, by whoever has the ledger.",
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

    @Option(
            names = "--ledger",
            paramLabel = "FILE",
            description = "the page with the table of runs; each run of this sweep adds its row (default: none)")
    private Path page;

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
        Optional<Ledger> ledger = Optional.ofNullable(page).map(Ledger::new);
        List<String> failed = new ArrayList<>();
        for (RunOptions run : runs) {
            if (!done(run, ledger) && !valid(run, ledger, console)) {
                failed.add(run.nemeses().get(0));
            }
        }
        console.println(failed.isEmpty() ? "all valid" : "not valid: " + String.join(", ", failed));
        return failed.isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private static boolean done(RunOptions run, Optional<Ledger> ledger) throws IOException {
        Path summary = run.out().resolve(RunReport.SUMMARY);
        if (Files.exists(summary) && RunSummary.read(summary).outcome() == Verdict.Outcome.VALID) {
            return true;
        }
        return ledger.isPresent()
                && ledger.get()
                        .hasValid(
                                run.seed(),
                                run.nodes(),
                                run.workload(),
                                run.nemeses().get(0),
                                run.time().toSeconds());
    }

    /** Whatever ends one run, the next one is tried. */
    private static boolean valid(RunOptions run, Optional<Ledger> ledger, PrintWriter console) {
        console.println(run.command());
        try {
            RunSummary summary = new Run(run, line -> console.println("    " + line)).run();
            console.println(Ledger.row(summary));
            if (ledger.isPresent()) {
                ledger.get().add(summary);
            }
            summary.anomalies()
                    .forEach(anomaly -> console.println("  " + anomaly.type() + ": " + anomaly.explanation()));
            return summary.outcome() == Verdict.Outcome.VALID;
        } catch (IOException | RuntimeException | AssertionError e) {
            console.println("  no run: " + e.getMessage());
            return false;
        } finally {
            console.flush();
        }
    }
}
