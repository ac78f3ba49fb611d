package io.tidemark.daemon.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code tidemark}. */
@Command(
        name = "tidemark",
        versionProvider = RootCommand.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "A Raft-replicated, log-authoritative storage engine whose history lives in S3.",
            "",
            "Start with 'tidemark up'. Every command explains itself with --help.",
            ""
        },
        footer = {
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong usage.",
            "Environment: JAVA_HOME, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION,",
            "  TIDEMARK_S3_REGION and so on for each setting ('tidemark daemon --help'),",
            "  TIDEMARK_DAEMON_JVM_OPTS (more JVM flags for daemons), TIDEMARK_DEBUG=1 (stack traces)."
        })
public final class RootCommand implements Runnable {
    private static final List<Class<?>> COMMANDS = List.of(
            UpCommand.class,
            DownCommand.class,
            StartCommand.class,
            StopCommand.class,
            StatusCommand.class,
            LeadCommand.class,
            MoveCommand.class,
            PutCommand.class,
            GetCommand.class,
            DeleteCommand.class,
            DeleteRangeCommand.class,
            TxCommand.class,
            ScanCommand.class,
            LoadCommand.class,
            ExportCommand.class,
            RestoreCommand.class,
            ForkCommand.class,
            ViewCommand.class,
            WatchCommand.class,
            PinCommand.class,
            UnpinCommand.class,
            GcCommand.class,
            VerifyCommand.class,
            TiersCommand.class,
            CostCommand.class,
            InspectCommand.class,
            CheckCommand.class,
            DaemonCommand.class,
            S3Command.class,
            RehearseCommand.class);

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "show this help")
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "show the version")
    private boolean version;

    /**
     * The command line for these arguments. If they begin with the name of a command, it knows that command only:
     * to look through all of them takes longer than many of them do.
     */
    public static CommandLine commandLine(String... arguments) {
        CommandLine line = new CommandLine(new RootCommand());
        List<Class<?>> named = COMMANDS.stream()
                .filter(command -> arguments.length > 0 && name(command).equals(arguments[0]))
                .toList();
        (named.isEmpty() ? COMMANDS : named).forEach(line::addSubcommand);
        DaemonCommand.describeSettings(line);
        line.setExecutionExceptionHandler(Failures::report);
        line.setParameterExceptionHandler(Failures::usage);
        line.setUsageHelpWidth(100);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        return line;
    }

    private static String name(Class<?> command) {
        return command.getAnnotation(Command.class).name();
    }

    /** From the manifest of the jar. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = RootCommand.class.getPackage().getImplementationVersion();
            return new String[] {"tidemark " + (version == null ? "(from its classes)" : version)};
        }
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "name a command");
    }
}
