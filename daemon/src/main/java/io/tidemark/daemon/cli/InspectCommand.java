package io.tidemark.daemon.cli;

import io.tidemark.daemon.inspect.EngineFile;
import io.tidemark.daemon.inspect.ShippedFile;
import io.tidemark.daemon.node.EncryptionKeys;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.cipher.CipherKeys;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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

    @Parameters(index = "0", paramLabel = "KIND", description = "wal, page, store, segment or manifest")
    private Kind kind;

    @Parameters(index = "1", paramLabel = "FILE", description = "the file, or for store the directory")
    private Path file;

    @Option(names = "--page", paramLabel = "ID", description = "of a page file: only this page, with its records")
    private Long page;

    @Option(
            names = "--keys",
            paramLabel = "KEYS",
            description = "file of keys, for an object that was encrypted; it must lie in the folders it had in the"
                    + " bucket, HISTORY/log/FILE.seg for example")
    private Path keyFile;

    /** What a file is taken for. */
    enum Kind {
        WAL,
        PAGE,
        STORE,
        SEGMENT,
        MANIFEST
    }

    private CipherKeys keys() {
        return keyFile == null ? null : EncryptionKeys.read(keyFile);
    }

    @Override
    public Integer call() {
        if (!Files.exists(file)) {
            throw new TidemarkException(ErrorKind.NOT_FOUND, file + " does not exist");
        }
        PrintWriter out = spec.commandLine().getOut();
        EngineFile engine = new EngineFile(out::println);
        try {
            switch (kind) {
                case SEGMENT -> new ShippedFile(out::println, keys()).segment(file);
                case MANIFEST -> new ShippedFile(out::println, keys()).manifest(file);
                case WAL -> engine.wal(file);
                case PAGE -> engine.pages(file, Optional.ofNullable(page));
                case STORE -> engine.store(file);
            }
        } finally {
            out.flush();
        }
        if (engine.damaged() > 0) {
            throw new TidemarkException(ErrorKind.CORRUPT, file + " is damaged in " + engine.damaged() + " places");
        }
        return CommandLine.ExitCode.OK;
    }
}
