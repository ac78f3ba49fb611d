package io.tidemark.daemon.cli;

import io.tidemark.daemon.inspect.ShippedFile;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidemark inspect KIND FILE}. */
@Command(
        name = "inspect",
        description = {
            "Prints what a file holds, in words, and checks every checksum on the way. Changes nothing.",
            "Exit code 1 when the file is damaged; what could be read is printed all the same.",
            "  wal       a file of a node's engine/wal: its blocks and their records",
            "  page      pages of engine/pages.dat: headers and records",
            "  store     a node's engine directory: checkpoint, page table, pages",
            "  segment   a log segment from S3 (FILE.seg)",
            "  manifest  a manifest or history record from S3 (FILE.json)"
        })
final class InspectCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "KIND", description = "${COMPLETION-CANDIDATES}")
    private Kind kind;

    @Parameters(index = "1", paramLabel = "FILE", description = "the file, or for store the directory")
    private Path file;

    /** What a file is taken for. */
    enum Kind {
        wal,
        page,
        store,
        segment,
        manifest
    }

    @Override
    public Integer call() {
        if (!Files.exists(file)) {
            throw new TidemarkException(ErrorKind.NOT_FOUND, file + " does not exist");
        }
        PrintWriter out = spec.commandLine().getOut();
        try {
            switch (kind) {
                case segment -> new ShippedFile(out::println).segment(file);
                case manifest -> new ShippedFile(out::println).manifest(file);
                default -> throw new TidemarkException(ErrorKind.INVALID, "not yet");
            }
        } finally {
            out.flush();
        }
        return CommandLine.ExitCode.OK;
    }
}
