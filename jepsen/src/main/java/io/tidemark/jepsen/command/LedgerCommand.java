package io.tidemark.jepsen.command;

import io.tidemark.jepsen.report.Ledger;
import io.tidemark.jepsen.report.RunSummary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ledger SUMMARY...}. */
@Command(name = "ledger", description = "Adds runs to the table in docs/reliability.md, a row for each summary.json.")
public final class LedgerCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SUMMARY", arity = "1..*", description = "summary.json of a run")
    private List<Path> summaries;

    @Option(
            names = "--to",
            paramLabel = "FILE",
            defaultValue = "docs/reliability.md",
            description = "the page with the table (default: ${DEFAULT-VALUE})")
    private Path page;

    @Override
    public Integer call() throws IOException {
        List<RunSummary> runs = new ArrayList<>();
        for (Path summary : summaries) {
            try {
                runs.add(RunSummary.read(summary));
            } catch (IOException e) {
                throw new ParameterException(spec.commandLine(), "cannot read " + summary + ": " + e.getMessage(), e);
            }
        }
        Ledger ledger = new Ledger(page);
        for (RunSummary run : runs) {
            ledger.add(run);
        }
        return ExitCode.OK;
    }
}
