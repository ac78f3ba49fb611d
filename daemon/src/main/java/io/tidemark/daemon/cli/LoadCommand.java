package io.tidemark.daemon.cli;

import io.tidemark.client.Ack;
import io.tidemark.client.TidemarkClient;
import io.tidemark.daemon.files.Load;
import io.tidemark.daemon.files.LoadReport;
import io.tidemark.daemon.files.Refusals;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidemark load PATH}. */
@Command(
        name = "load",
        description = {
            "Stores a tree of files, or lines of JSON.",
            "Of a directory each file becomes the key of its path below it, with the file's bytes as value; empty"
                    + " directories become keys with a slash at their end; symbolic links are followed; sockets,"
                    + " devices and links to nothing are passed over and counted.",
            "A file holds one {\"key\": ..., \"value\": ...} per line; - reads them from standard input.",
            "Everything is looked at first: if a part cannot be stored, nothing is (of standard input: what comes"
                    + " before that part is)."
        })
final class LoadCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ClientTarget target;

    @Mixin
    private AckOption ack;

    @Mixin
    private JsonOption json;

    @Parameters(paramLabel = "PATH", description = "a directory, a file of JSON lines, or -")
    private String path;

    @Option(
            names = "--skip-refused",
            description = "store the rest when files or lines cannot be: too large, not readable, malformed")
    private boolean skipRefused;

    @Override
    public Integer call() throws IOException {
        Path source = Path.of(path);
        boolean stream = path.equals("-");
        if (!stream && !Files.exists(source)) {
            throw new TidemarkException(ErrorKind.NOT_FOUND, path + " does not exist");
        }
        PrintWriter err = spec.commandLine().getErr();
        Transfer transfer = new Transfer(err, "stored");
        try (TidemarkClient client = target.connect(Duration.ofMinutes(5))) {
            Load load = new Load(
                    (key, value) -> client.put(target.keyspace(), key, value)
                            .thenApply(result -> result.version().lsn()),
                    Limits.load(),
                    skipRefused,
                    transfer);
            LoadReport report = stream
                    ? load.stream(System.in)
                    : Files.isDirectory(source) ? load.tree(source) : load.lines(source);
            if (ack.ack() == Ack.S3 && report.lastLsn() >= 0) {
                TidemarkClient.await(client.awaitShipped(report.lastLsn()));
            }
            print(report, transfer);
        }
        return CommandLine.ExitCode.OK;
    }

    private void print(LoadReport report, Transfer transfer) {
        tell("passed over", report.skipped());
        tell("left out", report.refused());
        String extra = (report.links() > 0 ? ", " + report.links() + " through symbolic links" : "")
                + (report.emptyDirectories() > 0 ? ", " + report.emptyDirectories() + " empty directories" : "");
        json.print(
                spec.commandLine().getOut(),
                String.format(
                        Locale.ROOT,
                        "stored %,d records, %,d bytes, last LSN %d in %.1f s (%s)%s",
                        report.stored(),
                        report.bytes(),
                        report.lastLsn(),
                        transfer.seconds(),
                        transfer.rate(report.stored(), report.bytes()),
                        extra),
                out -> out.put("count", report.stored())
                        .put("bytes", report.bytes())
                        .put("lastLsn", report.lastLsn())
                        .put("seconds", transfer.seconds())
                        .put("links", report.links())
                        .put("emptyDirectories", report.emptyDirectories())
                        .put("skipped", report.skipped().count())
                        .put("refused", report.refused().count()));
    }

    private void tell(String what, Refusals refusals) {
        if (refusals.count() > 0) {
            PrintWriter err = spec.commandLine().getErr();
            err.println(what + ": " + refusals.count());
            refusals.lines().forEach(line -> err.println("  " + line));
        }
    }
}
