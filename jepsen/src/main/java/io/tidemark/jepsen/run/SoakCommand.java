package io.tidemark.jepsen.run;

import io.tidemark.jepsen.checker.Verdict;
import io.tidemark.jepsen.report.Ledger;
import io.tidemark.jepsen.report.RunReport;
import io.tidemark.jepsen.report.RunSummary;
import io.tidemark.jepsen.workload.ClientRegisters;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code soak}. */
@Command(
        name = "soak",
        description = {
            "One cluster for hours, in rounds: work under blows, heal, judge, remove what was written, measure.",
            "Histories of valid rounds are not kept. At the end heap, threads, descriptors, memory and local disk of the"
                    + " daemons must be level: the mean of the last third of the rounds beside that of the first.",
            "S3 grows with the history, by design. Exit code 0: all rounds valid and all is level; 1: not; 2: wrong usage."
        })
public final class SoakCommand implements Callable<Integer> {

    private static final int ROUNDS_MIN = 6;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--time",
            paramLabel = "TIME",
            converter = Durations.class,
            defaultValue = "2h",
            description = "of all rounds (default: ${DEFAULT-VALUE})")
    private Duration time;

    @Option(
            names = "--round",
            paramLabel = "TIME",
            converter = Durations.class,
            defaultValue = "5m",
            description = "of one (default: ${DEFAULT-VALUE})")
    private Duration round;

    @Option(
            names = "--workload",
            paramLabel = "W",
            split = ",",
            defaultValue = "register,set,bank,list-append,session,open-transactions",
            description = "default: ${DEFAULT-VALUE}")
    private List<String> workloads;

    @Option(
            names = "--nemesis",
            paramLabel = "N",
            split = ",",
            defaultValue = "pause,partition,partition-leader,partition-ring,slow,lossy,s3,leadership-transfer",
            description = {
                "those that let processes live, or nothing would have the time to grow",
                "default: ${DEFAULT-VALUE}"
            })
    private List<String> nemeses;

    @Option(names = "--seed", paramLabel = "N", description = "of the first round (default: a random one)")
    private Long seed;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "jepsen/runs/soak",
            description = "for summaries and levels.csv (default: ${DEFAULT-VALUE})")
    private Path out;

    @Mixin
    private Shape shape;

    @Override
    public Integer call() throws IOException {
        PrintWriter console = spec.commandLine().getOut();
        long first = seed != null ? seed : ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
        long rounds = time.toMillis() / Math.max(1, round.toMillis());
        if (rounds < ROUNDS_MIN) {
            throw new ParameterException(
                    spec.commandLine(), "fewer than " + ROUNDS_MIN + " rounds tell nothing; make --round shorter");
        }
        Levels levels = new Levels();
        List<String> bad = new ArrayList<>();
        try (Battlefield field = Battlefield.open(options(first, 0))) {
            for (int number = 1; number <= rounds; number++) {
                RunOptions options = options(first + number, number);
                console.println("round " + number + " of " + rounds + ", seed " + options.seed());
                RunSummary summary = new Run(options, line -> console.println("    " + line)).on(field);
                console.println(Ledger.row(summary));
                if (summary.outcome() == Verdict.Outcome.VALID) {
                    forget(options);
                } else {
                    bad.add("round " + number + " is not valid: " + summary.anomalies());
                }
                ClientRegisters.clear(field.cluster().endpoints());
                levels.sample(number, field.cluster());
                levels.write(out.resolve("levels.csv"));
                console.println("    " + levels.latest());
                console.flush();
            }
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        levels.grown().forEach(words -> bad.add("grown: " + words));
        bad.forEach(console::println);
        console.println(bad.isEmpty() ? rounds + " rounds valid, all levels level" : "not passed");
        return bad.isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private RunOptions options(long roundSeed, int number) {
        return shape.options(workloads, nemeses, round, roundSeed, out.resolve("round-" + number), Optional.empty());
    }

    private static void forget(RunOptions options) throws IOException {
        for (String workload : options.workloads()) {
            for (String file : List.of(RunReport.HISTORY, RunReport.EDN)) {
                Files.deleteIfExists(options.directoryOf(workload).resolve(file));
            }
        }
    }
}
