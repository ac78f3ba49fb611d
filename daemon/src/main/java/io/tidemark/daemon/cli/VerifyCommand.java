package io.tidemark.daemon.cli;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.daemon.cluster.ClusterFile;
import io.tidemark.daemon.cluster.S3Location;
import io.tidemark.daemon.node.ObjectStores;
import io.tidemark.daemon.node.ScratchEngine;
import io.tidemark.daemon.node.Settings;
import io.tidemark.daemon.remote.Cluster;
import io.tidemark.daemon.remote.ClusterReport;
import io.tidemark.daemon.restore.DirectoryTree;
import io.tidemark.daemon.verify.Findings;
import io.tidemark.daemon.verify.HistoryAgrees;
import io.tidemark.daemon.verify.NodesAgree;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.recovery.StoreDirectory;
import io.tidemark.shipper.store.ObjectStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
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
            "Of the nodes: the redo chain and a digest of all contents at one LSN. Of S3: every object, every"
                    + " checksum, no gap; the history is replayed into a scratch store and must come to the same chain and"
                    + " digest.",
            "Exit code 1 on any difference."
        })
final class VerifyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private TargetOption target;

    @Mixin
    private SettingsOption settings;

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

    @Option(
            names = "--scratch",
            paramLabel = "DIR",
            description = "replay the history below this directory; as large as a node's (default: the system's"
                    + " directory for temporary files)")
    private Path scratch;

    @Override
    public Integer call() {
        Cluster cluster = target.cluster();
        Progress progress = new Progress(spec.commandLine().getErr(), "waiting");
        Findings findings = new Findings();
        NodesAgree nodes = new NodesAgree(cluster, Duration.ofSeconds(timeoutSeconds), progress::say);
        NodesAgree.Observed observed = nodes.compare(findings);
        if (!nodesOnly) {
            history(cluster, observed, findings, progress);
        }
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

    private void history(Cluster cluster, NodesAgree.Observed observed, Findings findings, Progress progress) {
        ClusterReport report = cluster.reachable();
        String history = report.live().get(0).text("history");
        S3Location s3 = cluster.file()
                .map(ClusterFile::s3)
                .orElseGet(() -> new S3Location(
                        report.s3().path("endpoint").asText(null),
                        report.s3().path("bucket").asText(),
                        report.s3().path("prefix").asText(),
                        false));
        Path replay = temporary();
        Settings effective = settings.over(target.settings());
        try (ObjectStore store = ObjectStores.open(s3, effective, new MetricRegistry())) {
            StoreDirectory scratch = new StoreDirectory(replay, path -> ScratchEngine.open(path, effective));
            new HistoryAgrees(store, scratch, progress::say).compare(history, observed, findings);
        } finally {
            DirectoryTree.remove(replay);
        }
    }

    private Path temporary() {
        try {
            return scratch == null
                    ? Files.createTempDirectory("tidemark-verify")
                    : Files.createTempDirectory(Files.createDirectories(scratch), "tidemark-verify");
        } catch (IOException e) {
            throw new TidemarkException(
                    ErrorKind.UNAVAILABLE, "cannot make a directory to replay in: " + e.getMessage(), e);
        }
    }
}
