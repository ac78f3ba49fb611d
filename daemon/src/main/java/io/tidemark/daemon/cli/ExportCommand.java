package io.tidemark.daemon.cli;

import io.tidemark.client.ScanPage;
import io.tidemark.client.ScanRange;
import io.tidemark.client.TidemarkClient;
import io.tidemark.daemon.files.Export;
import io.tidemark.daemon.files.ExportReport;
import io.tidemark.daemon.files.Reads;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tidemark export --to DIR}. */
@Command(
        name = "export",
        description = {
            "Writes keys as files below a directory: the reverse of load.",
            "Keys that are no paths below it ('../x', '/x', 'a//b'), or stand in each other's way ('a' and 'a/b'),"
                    + " are refused by name; the others are written, and the exit code is 1."
        })
final class ExportCommand implements Callable<Integer> {
    private static final int PAGE_ROWS = 500;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ClientTarget target;

    @Mixin
    private ConsistencyOption consistency;

    @Mixin
    private JsonOption json;

    @Option(names = "--to", paramLabel = "DIR", required = true, description = "the directory; made when absent")
    private Path to;

    @Option(names = "--prefix", paramLabel = "TEXT", description = "only keys that begin with it")
    private String prefix;

    @Option(names = "--force", description = "write into a directory that is not empty, over files of equal name")
    private boolean force;

    @Override
    public Integer call() throws IOException {
        Transfer transfer = new Transfer(spec.commandLine().getErr(), "written");
        ExportReport report;
        try (TidemarkClient client = target.connect(Duration.ofMinutes(5))) {
            report = new Export(to, force, transfer).run(from -> page(client, from));
        }
        print(report, transfer);
        return report.refused().count() == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private Reads.Page page(TidemarkClient client, byte[] from) {
        ScanRange range =
                prefix == null ? ScanRange.all() : ScanRange.ofPrefix(prefix.getBytes(StandardCharsets.UTF_8));
        ScanPage page = TidemarkClient.await(client.scan(
                target.keyspace(),
                from == null ? range : range.startingAt(from),
                PAGE_ROWS,
                consistency.consistency()));
        return new Reads.Page(
                page.rows().stream()
                        .map(row -> new Reads.Item(row.key(), row.value()))
                        .toList(),
                page.next(),
                page.lsn());
    }

    private void print(ExportReport report, Transfer transfer) {
        PrintWriter err = spec.commandLine().getErr();
        if (report.refused().count() > 0) {
            err.println("tidemark: " + report.refused().count() + " keys were not written:");
            report.refused().lines().forEach(line -> err.println("  " + line));
        }
        String at = report.firstLsn() == report.lastLsn()
                ? "at LSN " + report.lastLsn()
                : "read between LSN " + report.firstLsn() + " and " + report.lastLsn() + ", while the log grew";
        json.print(
                spec.commandLine().getOut(),
                String.format(
                        Locale.ROOT,
                        "wrote %,d files, %,d bytes to %s, %s, in %.1f s (%s)",
                        report.written(),
                        report.bytes(),
                        to,
                        at,
                        transfer.seconds(),
                        transfer.rate(report.written(), report.bytes())),
                out -> out.put("count", report.written())
                        .put("bytes", report.bytes())
                        .put("emptyDirectories", report.emptyDirectories())
                        .put("firstLsn", report.firstLsn())
                        .put("lastLsn", report.lastLsn())
                        .put("refused", report.refused().count()));
    }
}
