package io.tidemark.jepsen.command;

import io.tidemark.jepsen.history.EdnExport;
import io.tidemark.jepsen.history.History;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code export --edn FILE}. */
@Command(
        name = "export",
        description =
                "Writes a history as other checkers read it: as EDN for Knossos and Elle. (Porcupine takes the JSON.)")
public final class ExportCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "a history, JSON lines")
    private Path file;

    @Option(names = "--edn", required = true, description = "the format; there is no other yet")
    private boolean edn;

    @Option(
            names = "--key",
            paramLabel = "K",
            description = "of registers: one of them, by itself, as Knossos takes it")
    private String key;

    @Option(
            names = {"-o", "--to"},
            paramLabel = "FILE",
            description = "where to; default: standard output")
    private Path to;

    @Override
    public Integer call() throws IOException {
        History history;
        try {
            history = History.read(file);
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), "cannot read " + file + ": " + e.getMessage(), e);
        }
        if (to == null) {
            PrintWriter out = spec.commandLine().getOut();
            write(history, out);
            out.flush();
        } else {
            try (BufferedWriter out = Files.newBufferedWriter(to)) {
                write(history, out);
            }
        }
        return ExitCode.OK;
    }

    private void write(History history, Appendable out) throws IOException {
        if (key == null) {
            EdnExport.write(history, out);
        } else {
            EdnExport.writeKey(history, key, out);
        }
    }
}
