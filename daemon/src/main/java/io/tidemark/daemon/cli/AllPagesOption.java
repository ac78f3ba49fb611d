package io.tidemark.daemon.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.daemon.node.ScratchEngine;
import io.tidemark.daemon.node.Settings;
import io.tidemark.recovery.RestoreReport;
import io.tidemark.recovery.StoreDirectory;
import io.tidemark.shipper.store.ObjectStore;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Option;

/** {@code --all-pages}: how much of a state is brought from S3 before its nodes start. */
final class AllPagesOption {
    @Option(
            names = "--all-pages",
            description =
                    "bring every page first, and print a digest of all contents: takes as long as the data is large"
                            + " (default: the nodes begin with their pages in S3, and fetch what is asked for, then the rest)")
    private boolean wanted;

    /** Where the state is made. */
    StoreDirectory place(ObjectStore store, Path directory, Settings settings) {
        return wanted
                ? new StoreDirectory(directory, path -> ScratchEngine.open(path, settings))
                : ScratchEngine.over(store, directory, settings);
    }

    /** What is known of the state. */
    static String words(RestoreReport report) {
        return report.contents()
                .map(all -> String.format(
                        Locale.ROOT, "%,d keys, %,d bytes, contents %s", all.keys(), all.bytes(), all.sha256()))
                .orElseGet(() -> String.format(
                        Locale.ROOT,
                        "redo chain %s, %,d pages in S3 alone",
                        report.redoChainHex(),
                        report.coldPages()));
    }

    /** The same for programs. */
    static void put(RestoreReport report, ObjectNode out) {
        out.put("redoChain", report.redoChainHex()).put("coldPages", report.coldPages());
        report.contents()
                .ifPresent(all ->
                        out.put("keys", all.keys()).put("bytes", all.bytes()).put("sha256", all.sha256()));
    }
}
