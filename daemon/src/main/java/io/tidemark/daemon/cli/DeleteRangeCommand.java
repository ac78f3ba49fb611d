package io.tidemark.daemon.cli;

import io.tidemark.client.ScanRange;
import io.tidemark.client.TidemarkClient;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tidemark delete-range}. */
@Command(
        name = "delete-range",
        description = {
            "Removes all keys of a range, at the cost of its pages, not of its keys.",
            "A large range goes in slices, upward: ended in the middle, the keys below some key are gone."
        })
final class DeleteRangeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ClientTarget target;

    @Mixin
    private JsonOption json;

    @Option(names = "--prefix", paramLabel = "TEXT", description = "keys that begin with it")
    private String prefix;

    @Option(names = "--from", paramLabel = "KEY", description = "from this key on")
    private String from;

    @Option(names = "--to", paramLabel = "KEY", description = "up to this key, itself excluded")
    private String to;

    @Option(names = "--all", description = "the whole keyspace")
    private boolean all;

    @Option(names = "--encoded", description = "the keys given have bytes written as %%XX")
    private boolean encoded;

    @Override
    public Integer call() {
        if (all == (prefix != null || from != null || to != null)) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "say what to remove: --prefix, --from and --to, or --all");
        }
        if (prefix != null && prefix.isEmpty()) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--prefix is empty, which every key begins with; --all removes the keyspace");
        }
        ScanRange range = new ScanRange(bytes(prefix), bytes(from), null, bytes(to));
        try (TidemarkClient client = target.connect()) {
            long lsn = TidemarkClient.await(client.deleteRange(target.keyspace(), range));
            json.print(spec.commandLine().getOut(), "deleted, LSN " + lsn, out -> out.put("lsn", lsn));
        }
        return CommandLine.ExitCode.OK;
    }

    private byte[] bytes(String text) {
        return text == null ? null : KeyOption.parse(spec, text, encoded);
    }
}
