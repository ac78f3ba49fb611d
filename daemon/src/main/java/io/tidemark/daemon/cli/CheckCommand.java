package io.tidemark.daemon.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.daemon.cluster.ClusterDirectory;
import io.tidemark.daemon.restore.DirectoryTree;
import io.tidemark.engine.StoreCheck;
import io.tidemark.engine.btree.StructureCheck;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.DirectoryLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidemark check DIR} or {@code tidemark check --node NODE}. */
@Command(
        name = "check",
        description = {
            "Checks a whole store that is not in use, and changes nothing in it.",
            "Proves: every stored page is the one that the page table names, with its checksum; every page belongs to one"
                    + " tree, one large value or the free list, and to nothing else; keys and separators are in order;"
                    + " free space is exact to the byte; large values have their checksums.",
            "The log behind the last checkpoint is redone in memory. Exit code 1 when anything is wrong."
        })
final class CheckCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DirectoryOption cluster;

    @Mixin
    private JsonOption json;

    @ArgGroup(multiplicity = "1")
    private Store store;

    /** Which store. */
    private static final class Store {
        @Parameters(paramLabel = "STORE", description = "a store's directory: a node's, or its engine directory")
        private Path directory;

        @Option(names = "--node", paramLabel = "NODE", description = "a node of the cluster in --dir, which is stopped")
        private String node;
    }

    @Override
    public Integer call() {
        if (store.node == null) {
            Path inside = store.directory.resolve("engine");
            return check(Files.isDirectory(inside) ? inside : store.directory);
        }
        ClusterDirectory directory = cluster.directory();
        StartCommand.requireProcess(directory.cluster(), store.node);
        try (DirectoryLock lock = DirectoryLock.take(directory.lock(store.node), directory.node(store.node))) {
            return check(directory.engine(store.node));
        }
    }

    private int check(Path directory) {
        Path scratch = temporary();
        try {
            StoreCheck.Report report = StoreCheck.run(directory, scratch);
            json.print(spec.commandLine().getOut(), inWords(directory, report), object -> fill(object, report));
            return report.problems().isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        } finally {
            DirectoryTree.remove(scratch);
        }
    }

    private static String inWords(Path directory, StoreCheck.Report report) {
        StructureCheck.Report found = report.structure();
        StringBuilder words = new StringBuilder();
        words.append(directory)
                .append(String.format(
                        " at LSN %d, redone in memory from the checkpoint of LSN %d%n",
                        report.lsn(), report.checkpoint()))
                .append(String.format(
                        "  %d stored pages of %d B read: id, LSN and CRC32C compared with the page table; %d slots of the"
                                + " page file are free%n",
                        report.storedPages(), report.pageBytes(), report.freeSlots()))
                .append(String.format(
                        "  %d page ids given out: 1 meta page, %d leaves, %d inner pages, %d of large values, %d free%n",
                        found.pages(), found.leaves(), found.innerPages(), found.overflowPages(), found.freePages()))
                .append(String.format(
                        "  %d trees and the catalog with %d records, %d %% of their leaves in use%n",
                        found.trees(), found.records(), fill(report)));
        if (report.coldPages() > 0) {
            words.append(String.format(
                    "  %d pages have left this disk for S3: they, and values that begin in them, were not looked at%n",
                    report.coldPages()));
        }
        report.problems()
                .forEach(problem -> words.append("  WRONG  ").append(problem).append(System.lineSeparator()));
        return words.append(report.problems().isEmpty() ? "everything is in order" : "the store is DAMAGED")
                .toString();
    }

    private static long fill(StoreCheck.Report report) {
        long room = report.structure().leaves() * report.pageBytes();
        return room == 0 ? 0 : 100 * report.structure().leafBytes() / room;
    }

    private static void fill(ObjectNode object, StoreCheck.Report report) {
        StructureCheck.Report found = report.structure();
        object.put("ok", report.problems().isEmpty())
                .put("lsn", report.lsn())
                .put("checkpoint", report.checkpoint())
                .put("pageBytes", report.pageBytes())
                .put("storedPages", report.storedPages())
                .put("coldPages", report.coldPages())
                .put("freeSlots", report.freeSlots())
                .put("trees", found.trees())
                .put("pages", found.pages())
                .put("leaves", found.leaves())
                .put("innerPages", found.innerPages())
                .put("overflowPages", found.overflowPages())
                .put("freePages", found.freePages())
                .put("records", found.records())
                .put("leafBytes", found.leafBytes());
        ArrayNode problems = object.putArray("problems");
        report.problems().forEach(problems::add);
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("tidemark-check");
        } catch (IOException e) {
            throw new TidemarkException(
                    ErrorKind.UNAVAILABLE, "cannot make a temporary directory: " + e.getMessage(), e);
        }
    }
}
