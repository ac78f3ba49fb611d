package io.tidemark.daemon.cli;

import io.tidemark.client.Row;
import io.tidemark.client.ScanPage;
import io.tidemark.client.ScanRange;
import io.tidemark.client.TidemarkClient;
import io.tidemark.daemon.files.KeyDisplay;
import io.tidemark.daemon.files.NdjsonRecord;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tidemark scan}. */
@Command(
        name = "scan",
        description = {
            "Lists keys in byte order with the size and version of their values.",
            "With --json each line is a record that 'load' reads back."
        })
final class ScanCommand implements Callable<Integer> {
    private static final int PAGE_ROWS = 1000;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ClientTarget target;

    @Mixin
    private ConsistencyOption consistency;

    @Option(names = "--prefix", paramLabel = "TEXT", description = "only keys that begin with it")
    private String prefix;

    @Option(names = "--from", paramLabel = "KEY", description = "from this key on")
    private String from;

    @Option(names = "--after", paramLabel = "KEY", description = "only keys behind this one")
    private String after;

    @Option(names = "--to", paramLabel = "KEY", description = "up to this key, itself excluded")
    private String to;

    @Option(names = "--limit", paramLabel = "N", description = "at most so many keys (default: all)")
    private Long limit;

    @Option(names = "--encoded", description = "the keys given have bytes written as %%XX")
    private boolean encoded;

    @Option(names = "--json", description = "print one JSON object per record, with its value")
    private boolean json;

    @Override
    public Integer call() {
        if (limit != null && limit < 1) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--limit is at least 1, not " + limit);
        }
        ScanRange range = new ScanRange(bytes(prefix), bytes(from), bytes(after), bytes(to));
        long left = limit == null ? Long.MAX_VALUE : limit;
        PrintWriter out = spec.commandLine().getOut();
        try (TidemarkClient client = target.connect()) {
            while (range != null && left > 0 && !out.checkError()) {
                int rows = (int) Math.min(left, PAGE_ROWS);
                ScanPage page =
                        TidemarkClient.await(client.scan(target.keyspace(), range, rows, consistency.consistency()));
                page.rows().forEach(row -> out.println(line(row)));
                left -= page.rows().size();
                range = page.next() == null ? null : range.startingAt(page.next());
            }
        }
        return CommandLine.ExitCode.OK;
    }

    private String line(Row row) {
        if (json) {
            return NdjsonRecord.toJson(row.key(), row.value())
                    .put("version", row.version().toString())
                    .toString();
        }
        return KeyDisplay.show(row.key()) + "\t" + row.value().length + "\t" + row.version();
    }

    private byte[] bytes(String text) {
        return text == null ? null : KeyOption.parse(spec, text, encoded);
    }
}
