package io.tidemark.jepsen.command;

import io.tidemark.jepsen.checker.Anomaly;
import io.tidemark.jepsen.checker.Verdict;
import io.tidemark.jepsen.history.History;
import io.tidemark.jepsen.report.RunSummary;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code check FILE}. */
@Command(
        name = "check",
        description = {
            "Judges a history: valid, invalid or unknown, and explains the first anomaly.",
            "Exit code 0: valid; 1: invalid or unknown; 2: wrong usage, or the file is no history."
        })
public final class CheckCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private HistoryFile file;

    @Option(names = "--all", description = "explain all anomalies that were kept, not the first only")
    private boolean all;

    @Option(names = "--json", description = "print one JSON object, for a program")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        History history = file.named(file.read());
        Verdict verdict = file.judge(history);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(RunSummary.of(history, verdict).json());
        } else {
            words(history, verdict, out);
        }
        out.flush();
        return verdict.valid() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private void words(History history, Verdict verdict, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%s: %s%n",
                history.header().workload(),
                verdict.outcome().name().toLowerCase(Locale.ROOT));
        out.printf(
                Locale.ROOT,
                "  %,d operations: %,d done, %,d not done, %,d unclear (%.1f %%)%n",
                verdict.counts().invoked(),
                verdict.counts().ok(),
                verdict.counts().fail(),
                verdict.counts().info(),
                100 * verdict.counts().infoShare());
        verdict.figures().forEach((name, count) -> out.printf(Locale.ROOT, "  %s: %,d%n", name, count));
        verdict.notes().forEach(note -> out.println("  note: " + note));
        List<Anomaly> anomalies = verdict.anomalies();
        for (Anomaly anomaly : all ? anomalies : anomalies.subList(0, Math.min(1, anomalies.size()))) {
            out.println();
            out.println(anomaly.type() + ": " + anomaly.explanation());
        }
    }
}
