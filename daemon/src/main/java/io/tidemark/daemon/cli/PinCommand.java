package io.tidemark.daemon.cli;

import io.tidemark.daemon.remote.Cluster;
import io.tidemark.daemon.remote.Pins;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tidemark pin}. */
@Command(
        name = "pin",
        description = {
            "Keeps the state at an LSN, whatever retention-millis and retention-checkpoints say, until 'tidemark"
                    + " unpin'.",
            "All later states are kept with it: the floor does not go above a pin. 'tidemark status' lists pins."
        })
final class PinCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private TargetOption target;

    @Mixin
    private JsonOption json;

    @Option(names = "--lsn", paramLabel = "LSN", required = true, description = "the state after this entry")
    private long lsn;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "to unpin it by, of A-Z a-z 0-9 . _ - (default: lsn-LSN)")
    private String name;

    @Override
    public Integer call() {
        String called = name == null ? "lsn-" + lsn : name;
        Cluster cluster = target.cluster();
        new Pins(cluster).pin(called, lsn);
        json.print(
                spec.commandLine().getOut(),
                "LSN " + lsn + " is kept as " + called,
                out -> out.put("name", called).put("lsn", lsn));
        return CommandLine.ExitCode.OK;
    }
}
