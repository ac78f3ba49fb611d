package io.tidemark.jepsen.run;

import io.tidemark.jepsen.plant.PlantedFault;
import io.tidemark.jepsen.report.RunSummary;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code prove}. */
@Command(
        name = "prove",
        description = {
            "Puts bugs into the daemons, one after another, and sees whether they are found: by longer and longer runs.",
            "Exit code 0: all were found; 1: some were not; 2: wrong usage."
        })
public final class ProveCommand implements Callable<Integer> {
    private static final List<Duration> TIMES =
            List.of(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(90));
    private static final int WORDS_MAX = 160;

    @Spec
    private CommandSpec spec;

    @Option(names = "--only", paramLabel = "FAULT", split = ",", description = "of these; see list (default: all)")
    private List<String> only = List.of();

    @Option(names = "--seed", paramLabel = "N", description = "of every run (default: one whose sizes suit the fault)")
    private Long seed;

    @Option(names = "--out", paramLabel = "DIR", description = "of the runs (default: jepsen/runs/planted)")
    private Path out = Path.of("jepsen", "runs", "planted");

    @Option(
            names = "--table",
            paramLabel = "FILE",
            description = "writes the table of what was found there, as Markdown")
    private Path table;

    /** How a fault was found, or was not. */
    private record Finding(PlantedFault fault, Duration time, Optional<String> by, String command) {
        String row() {
            return String.format(
                    Locale.ROOT,
                    "| %s | %s | %s | %s | %s | %s |",
                    fault.option(),
                    fault.what(),
                    fault.workload(),
                    fault.nemesis().orElse("none"),
                    by.map(words -> time.toSeconds() + " s").orElse("not found"),
                    by.orElse(""));
        }
    }

    @Override
    public Integer call() throws IOException {
        List<PlantedFault> faults = new ArrayList<>();
        for (String name : only) {
            faults.add(PlantedFault.of(name)
                    .orElseThrow(() -> new CommandLine.ParameterException(
                            spec.commandLine(), "there is no planted fault '" + name + "'; list names them")));
        }
        PrintWriter console = spec.commandLine().getOut();
        List<Finding> findings = new ArrayList<>();
        for (PlantedFault fault : faults.isEmpty() ? List.of(PlantedFault.values()) : faults) {
            Finding finding = find(fault, console);
            findings.add(finding);
            console.println(finding.row());
            console.println("  again: " + finding.command());
            console.flush();
        }
        if (table != null) {
            List<String> lines = new ArrayList<>(List.of(
                    "| fault | what the daemons do | workload | nemesis | found by a run of | as |",
                    "|---|---|---|---|---|---|"));
            findings.forEach(finding -> lines.add(finding.row()));
            Files.write(table, lines);
        }
        long missed =
                findings.stream().filter(finding -> finding.by().isEmpty()).count();
        console.println((findings.size() - missed) + " of " + findings.size() + " found");
        return missed == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private Finding find(PlantedFault fault, PrintWriter console) throws IOException {
        RunOptions last = null;
        for (Duration time : TIMES) {
            RunOptions sound = RunOptions.of(
                    fault.workload(),
                    fault.nemesis().map(List::of).orElse(List.of()),
                    time,
                    seed != null ? seed : fault.seed(),
                    out.resolve(fault.option() + "-" + time.toSeconds()).toAbsolutePath());
            last = sound.with(fault);
            Optional<String> by = run(last, sound, console);
            if (by.isPresent()) {
                return new Finding(fault, time, by, last.command());
            }
        }
        return new Finding(fault, last.time(), Optional.empty(), last.command());
    }

    /**
     * What the run found, in words, which slowness alone is not; a cluster that never gets ready has found it too, if it does
     * without the fault.
     */
    private static Optional<String> run(RunOptions options, RunOptions sound, PrintWriter console) throws IOException {
        RunSummary summary;
        try {
            summary = new Run(options, line -> console.println("    " + line)).run();
        } catch (IllegalStateException | AssertionError e) {
            requireReady(sound);
            return Optional.of("never ready: " + shortened(e.getMessage()));
        }
        return summary.anomalies().stream()
                .filter(anomaly -> !anomaly.type().equals(Troubles.SLOW_AGREEMENT))
                .findFirst()
                .map(first -> first.type() + ": " + shortened(first.explanation()));
    }

    private static void requireReady(RunOptions sound) {
        try {
            Battlefield.open(sound).close();
        } catch (IllegalStateException | AssertionError e) {
            throw new IllegalStateException(
                    "without a fault the cluster does not get ready either, so that nothing can be told here; is the"
                            + " machine too busy? " + e.getMessage(),
                    e);
        }
    }

    private static String shortened(String words) {
        String line = words.lines().findFirst().orElse("").replace("|", "/");
        return line.length() <= WORDS_MAX ? line : line.substring(0, WORDS_MAX) + "...";
    }
}
