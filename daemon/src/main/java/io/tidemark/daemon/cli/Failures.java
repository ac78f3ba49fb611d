package io.tidemark.daemon.cli;

import io.tidemark.client.TidemarkClientException;
import io.tidemark.engine.error.TidemarkException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Turns what went wrong into one line on standard error and an exit code. */
public final class Failures {
    /** Environment variable that asks for stack traces. */
    static final String DEBUG = "TIDEMARK_DEBUG";

    private Failures() {}

    /** A command that could not do its work: exit code 1. */
    public static int report(Exception failure, CommandLine line, ParseResult parsed) {
        Throwable cause = unwrap(failure);
        line.getErr().println("tidemark: " + explain(cause));
        if (System.getenv(DEBUG) != null) {
            cause.printStackTrace(line.getErr());
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    /** A command line that cannot be understood: exit code 2. */
    public static int usage(ParameterException failure, String[] arguments) {
        CommandLine line = failure.getCommandLine();
        line.getErr().println("tidemark: " + failure.getMessage());
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(failure, line.getErr())) {
            line.getErr().println("Try '" + line.getCommandSpec().qualifiedName() + " --help'.");
        }
        return CommandLine.ExitCode.USAGE;
    }

    static String explain(Throwable cause) {
        if (cause instanceof TidemarkException) {
            return cause.getMessage();
        }
        if (cause instanceof TidemarkClientException client) {
            boolean away = client.kind() == TidemarkClientException.Kind.UNAVAILABLE;
            return client.getMessage() + (away ? "; 'tidemark status' shows which nodes answer" : "");
        }
        return "failed by a defect of Tidemark itself: " + cause + ". Run it again with " + DEBUG
                + "=1 to see where, and report that.";
    }

    static Throwable unwrap(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
