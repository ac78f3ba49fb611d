package io.tidemark.bench;

import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code bench/run}: all measurements. Exit code 0 done, 1 failed, 2 wrong usage. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures Tidemark beside the disk, beside bare Ratis and its engine beside other engines.",
        subcommands = {
            DiskCommand.class,
            RatisCommand.class,
            ClusterCommand.class,
            CompareCommand.class,
            MicroCommand.class,
            EngineCommand.class,
            EngineTrialCommand.class,
            RestartCommand.class,
            ShippingCommand.class,
            ViewCommand.class,
            ColdReadsCommand.class,
            RejoinCommand.class,
            RestartProcessCommands.Make.class,
            RestartProcessCommands.Open.class,
            RatisServerCommand.class
        })
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.setProperty("logback.configurationFile", "bench-logback.xml");
        Logger.getLogger("").setLevel(Level.WARNING);
        CommandLine bench = new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true);
        bench.setExecutionExceptionHandler((failure, command, parsed) -> {
            command.getErr().println("bench " + command.getCommandName() + ": " + chain(failure));
            return CommandLine.ExitCode.SOFTWARE;
        });
        System.exit(bench.execute(arguments));
    }

    private static String chain(Throwable failure) {
        StringBuilder text = new StringBuilder(failure.toString());
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            text.append(", because ").append(cause);
        }
        return text.toString();
    }
}
