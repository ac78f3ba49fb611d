package io.tidemark.jepsen.command;

import io.tidemark.jepsen.run.ListCommand;
import io.tidemark.jepsen.run.ProveCommand;
import io.tidemark.jepsen.run.RunCommand;
import io.tidemark.jepsen.run.SoakCommand;
import io.tidemark.jepsen.run.SweepCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code jepsen}: all commands of this package. */
@Command(
        name = "jepsen",
        synopsisSubcommandLabel = "COMMAND",
        description = "Breaks clusters, and judges what was recorded.",
        footer = {"", "Exit codes: 0 done, 1 failed, 2 wrong usage."},
        subcommands = {
            RunCommand.class,
            SweepCommand.class,
            SoakCommand.class,
            ProveCommand.class,
            ListCommand.class,
            CheckCommand.class,
            ExportCommand.class,
            ReportCommand.class,
            LedgerCommand.class
        })
public final class Main implements Runnable {

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "show this help")
    private boolean help;

    /** The whole command line. */
    public static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Main());
        line.setUsageHelpWidth(100);
        line.setExecutionExceptionHandler((failure, failed, parsed) -> {
            failed.getErr().println("jepsen: " + failure);
            return CommandLine.ExitCode.SOFTWARE;
        });
        return line;
    }

    public static void main(String[] arguments) {
        CommandLine line = commandLine();
        line.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        System.exit(line.execute(arguments));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a command");
    }
}
