package io.tidemark.daemon.cli;

import io.tidemark.daemon.remote.Cluster;
import io.tidemark.daemon.verify.Findings;
import io.tidemark.daemon.verify.NodesAgree;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tidemark verify}. */
@Command(
        name = "verify",
        description = {
            "Compares the nodes with each other and with S3.",
            "Of the nodes: the redo chain and a digest of all contents at one LSN. Of S3: every object, every checksum,"
                    + " no gap; the history is replayed into a scratch store and must come to the same chain and digest.",
            "Exit code 1 on any difference."
        })
final class VerifyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private TargetOption target;

    @Mixin
    private JsonOption json;

    @Option(names = "--nodes-only", description = "do not look at S3")
    private boolean nodesOnly;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "120",
            description = "wait no longer for nodes and S3 to have the LSN (default: ${DEFAULT-VALUE})")
    private int timeoutSeconds;

    @Override
    public Integer call() {
        Cluster cluster = target.cluster();
        Progress progress = new Progress(spec.commandLine().getErr(), "waiting");
        Findings findings = new Findings();
        NodesAgree nodes = new NodesAgree(cluster, Duration.ofSeconds(timeoutSeconds), progress::say);
        nodes.compare(findings);
        progress.done();
        PrintWriter out = spec.commandLine().getOut();
        if (json.wanted()) {
            out.println(findings.toJson());
        } else {
            findings.all()
                    .forEach(f -> out.println((f.ok() ? "  ok    " : "  DIFFERS  ") + f.subject() + ": " + f.detail()));
            out.println(findings.ok() ? "everything agrees" : "there are differences");
        }
        out.flush();
        return findings.ok() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
}
