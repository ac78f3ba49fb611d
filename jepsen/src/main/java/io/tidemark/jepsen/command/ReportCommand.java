package io.tidemark.jepsen.command;

import io.tidemark.jepsen.checker.Verdict;
import io.tidemark.jepsen.history.History;
import io.tidemark.jepsen.report.RunReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code report FILE}. */
@Command(
        name = "report",
        description = {
            "Judges a history and writes report.html, summary.json and history.edn beside it.",
            "Exit code 0: written, whatever the verdict; 2: wrong usage, or the file is no history."
        })
public final class ReportCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private HistoryFile file;

    @Override
    public Integer call() throws IOException {
        History history = file.named(file.read());
        Verdict verdict = file.judge(history);
        Path directory = file.path().toAbsolutePath().getParent();
        String name = file.path().getFileName().toString();
        List<String> more = name.equals(RunReport.HISTORY) ? List.of() : List.of(name);
        RunReport.write(directory, history, verdict, more);
        spec.commandLine().getOut().println(directory.resolve(RunReport.PAGE));
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }
}
