package io.tidemark.daemon;

import io.tidemark.daemon.cli.RootCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/** Where every process of Tidemark starts. Exit code 0: done; 1: failed; 2: wrong usage. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        CommandLine line = RootCommand.commandLine(arguments);
        line.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        int code = line.execute(arguments);
        if (line.getOut().checkError() && code == CommandLine.ExitCode.OK) {
            line.getErr()
                    .println("tidemark: the output was not taken to its end: its disk is full, or its reader gone");
            code = CommandLine.ExitCode.SOFTWARE;
        }
        System.exit(code);
    }
}
