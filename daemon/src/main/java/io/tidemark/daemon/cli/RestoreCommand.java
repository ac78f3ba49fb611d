package io.tidemark.daemon.cli;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.daemon.cluster.ClusterDirectory;
import io.tidemark.daemon.cluster.ClusterFile;
import io.tidemark.daemon.cluster.Formation;
import io.tidemark.daemon.cluster.IdentityFile;
import io.tidemark.daemon.cluster.NodeAddress;
import io.tidemark.daemon.cluster.S3Location;
import io.tidemark.daemon.node.ObjectStores;
import io.tidemark.daemon.node.Settings;
import io.tidemark.daemon.process.FreePorts;
import io.tidemark.daemon.restore.ClusterRestore;
import io.tidemark.daemon.restore.RestoreTarget;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.raft.guard.NodeLog;
import io.tidemark.recovery.Histories;
import io.tidemark.recovery.RestoreReport;
import io.tidemark.recovery.SurvivingLog;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.store.ObjectStore;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tidemark restore}. */
@Command(
        name = "restore",
        description = {
            "Brings a whole cluster back from S3 alone, into a new history.",
            "In a cluster's directory whose nodes have all lost theirs, S3 and addresses come from its cluster.json,"
                    + " which is kept as cluster.json.OLD-HISTORY; in a directory that is missing or empty, --s3 says"
                    + " where the history is.",
            "The state is that of the newest manifest in S3, or of --at-lsn or --at-time. Start it then with 'tidemark"
                    + " up'.",
            "Where a node is left, but no majority, --with-log goes on with what its Raft log has beyond S3. Move its"
                    + " directory out of the cluster's first. Every write that was acknowledged is then back; so may be"
                    + " writes that never were. The old cluster must never run again."
        })
final class RestoreCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DirectoryOption directoryOption;

    @Mixin
    private S3Option s3Option;

    @Mixin
    private NodesOption nodesOption;

    @Mixin
    private PortsOption ports;

    @Mixin
    private SettingsOption settingsOption;

    @Mixin
    private JsonOption json;

    @Mixin
    private PointInTimeOption when;

    @Mixin
    private AllPagesOption allPages;

    @Option(
            names = "--history",
            paramLabel = "UUID",
            description =
                    "the history to restore, where S3 has several (default: that of cluster.json, or the only one)")
    private String history;

    @Option(
            names = "--with-log",
            paramLabel = "DIR",
            description = "directory of a node that is left of the lost cluster, stopped")
    private Path withLog;

    @Override
    public Integer call() {
        ClusterDirectory directory = directoryOption.directory();
        if (withLog != null && when.isGiven()) {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    "--with-log brings back all there is, and --at-lsn or --at-time less: give one of them");
        }
        if (!directory.exists()) {
            S3Location s3 = s3Option.given()
                    .orElseThrow(() -> new TidemarkException(
                            ErrorKind.INVALID,
                            directory.root()
                                    + " holds no cluster, so say where the history is: --s3 s3://BUCKET/PREFIX,"
                                    + " perhaps with --s3-endpoint URL"));
            directory.requireFree();
            int count = nodesOption.count();
            List<Integer> free = new FreePorts(new SecureRandom()).take(2 * count);
            List<NodeAddress> nodes = Formation.loopback(
                    ports.http(count, free.subList(0, count)), ports.raft(count, free.subList(count, 2 * count)));
            restore(directory, s3, nodes, Optional.ofNullable(history));
            return CommandLine.ExitCode.OK;
        }
        ClusterFile lost = RestoreTarget.lostCluster(directory);
        s3Option.given().filter(given -> !given.equals(lost.s3())).ifPresent(given -> {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    "the cluster in " + directory.root() + " keeps its history in " + lost.s3() + ", not in " + given
                            + "; leave --s3 away, or restore into another --dir");
        });
        if (nodesOption.or(lost.nodes().size()) != lost.nodes().size()) {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    "the cluster in " + directory.root() + " has "
                            + lost.nodes().size()
                            + " nodes (cluster.json); leave --nodes away, or restore into another --dir");
        }
        String wanted = history == null ? lost.history() : history;
        EmbeddedS3.during(directory, lost, () -> restore(directory, lost.s3(), lost.nodes(), Optional.of(wanted)));
        return CommandLine.ExitCode.OK;
    }

    private void restore(ClusterDirectory directory, S3Location s3, List<NodeAddress> nodes, Optional<String> wanted) {
        Settings settings = settingsOption.over(Settings.effective(directory.properties()));
        Progress progress = new Progress(spec.commandLine().getErr(), "restoring");
        try (ObjectStore store = ObjectStores.open(s3, settings, new MetricRegistry())) {
            ClusterRestore restore = new ClusterRestore(
                    directory,
                    store,
                    path -> allPages.place(store, path, settings),
                    UUID::randomUUID,
                    p -> progress.say("LSN " + p.lsn() + " of " + p.target()));
            Histories histories = new Histories(new HistoryReader(store));
            RestoreReport report = withLog == null
                    ? restore(restore, s3, nodes, histories, histories.choose(wanted))
                    : restore.run(s3, nodes, survivor(wanted));
            progress.done();
            print(directory, report);
        }
    }

    private RestoreReport restore(
            ClusterRestore restore, S3Location s3, List<NodeAddress> nodes, Histories histories, String history) {
        return restore.run(s3, nodes, Optional.of(history), when.lsn(histories, history));
    }

    private SurvivingLog survivor(Optional<String> wanted) {
        Path left = withLog.toAbsolutePath().normalize();
        IdentityFile identity = IdentityFile.read(left.resolve("identity.json"));
        wanted.filter(other -> !other.equals(identity.history())).ifPresent(other -> {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    left + " is of history " + identity.history() + ", and the one to restore is " + other);
        });
        return new NodeLog(left, identity.history(), UUID.fromString(identity.group()));
    }

    private void print(ClusterDirectory directory, RestoreReport report) {
        json.print(
                spec.commandLine().getOut(),
                String.format(
                        Locale.ROOT,
                        "restored LSN %d of history %s: %s%n"
                                + "from %,d segments with %,d entries%s; it goes on as history %s%n"
                                + "start it: tidemark up --dir %s",
                        report.lsn(),
                        report.parent(),
                        AllPagesOption.words(report),
                        report.segments(),
                        report.entries(),
                        withLog == null ? "" : String.format(Locale.ROOT, " and %,d beyond S3", report.beyond()),
                        report.history(),
                        directory.root()),
                out -> {
                    out.put("lsn", report.lsn())
                            .put("history", report.history())
                            .put("parent", report.parent())
                            .put("segments", report.segments())
                            .put("entries", report.entries())
                            .put("beyond", report.beyond());
                    AllPagesOption.put(report, out);
                });
    }
}
