package io.tidemark.daemon.cli;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.daemon.cluster.ClusterDirectory;
import io.tidemark.daemon.cluster.ClusterFile;
import io.tidemark.daemon.cluster.Formation;
import io.tidemark.daemon.cluster.NodeAddress;
import io.tidemark.daemon.cluster.S3Location;
import io.tidemark.daemon.cluster.TrialCredentials;
import io.tidemark.daemon.node.ObjectStores;
import io.tidemark.daemon.node.Setting;
import io.tidemark.daemon.node.Settings;
import io.tidemark.daemon.process.FreePorts;
import io.tidemark.daemon.remote.Cluster;
import io.tidemark.daemon.remote.Pins;
import io.tidemark.daemon.restore.ClusterFork;
import io.tidemark.daemon.restore.ClusterRestore;
import io.tidemark.recovery.Histories;
import io.tidemark.recovery.RestoreReport;
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

/** {@code tidemark fork}. */
@Command(
        name = "fork",
        description = {
            "Makes a second cluster of a living one's state at an LSN, in a directory of its own; the first goes on"
                    + " untouched.",
            "The second shares the first's objects in S3 up to that LSN and copies none; what either needs, garbage"
                    + " collection of the other leaves alone. Start it then with 'tidemark up --dir NEWDIR'.",
            "Where the first cluster has the embedded S3 endpoint, the second needs that running too."
        })
final class ForkCommand implements Callable<Integer> {
    private static final int NODES = 3;

    @Spec
    private CommandSpec spec;

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
            names = "--of",
            paramLabel = "DIR",
            defaultValue = "./.tidemark",
            description = "directory of the living cluster (default: ${DEFAULT-VALUE})")
    private Path of;

    @Option(
            names = "--dir",
            paramLabel = "NEWDIR",
            required = true,
            description = "directory of the new cluster; missing or empty")
    private Path dir;

    @Override
    public Integer call() {
        ClusterDirectory parent = new ClusterDirectory(of);
        ClusterDirectory child = new ClusterDirectory(dir);
        child.requireFree();
        ClusterFile file = parent.cluster();
        Settings written = settingsOption.over(withCredentials(file, Settings.read(parent.properties())));
        Settings settings = settingsOption.over(withCredentials(file, Settings.effective(parent.properties())));
        Cluster living = Cluster.of(parent);
        living.reachable();
        List<Integer> free = new FreePorts(new SecureRandom()).take(2 * NODES);
        List<NodeAddress> nodes = Formation.loopback(
                ports.http(NODES, free.subList(0, NODES)), ports.raft(NODES, free.subList(NODES, 2 * NODES)));
        // the endpoint, if it is the first cluster's own, is no process of the second's
        S3Location s3 = new S3Location(
                file.s3().endpoint(), file.s3().bucket(), file.s3().prefix(), false);
        Progress progress = new Progress(spec.commandLine().getErr(), "forking");
        try (ObjectStore store = ObjectStores.open(s3, settings, new MetricRegistry())) {
            Histories histories = new Histories(new HistoryReader(store));
            long lsn = when.lsn(histories, file.history()).orElseGet(() -> histories.newest(file.history()));
            ClusterFork fork = new ClusterFork(living, new Pins(living), UUID::randomUUID);
            RestoreReport report = fork.run(
                    file.history(),
                    lsn,
                    ids -> new ClusterRestore(
                                    child,
                                    store,
                                    path -> allPages.place(store, path, settings),
                                    ids,
                                    p -> progress.say("LSN " + p.lsn() + " of " + p.target()))
                            .run(s3, nodes, Optional.of(file.history()), Optional.of(lsn)));
            written.write(child.properties());
            progress.done();
            print(child, report);
        }
        return CommandLine.ExitCode.OK;
    }

    /** An endpoint for trial is the first cluster's process; to the second it is one like any other. */
    private static Settings withCredentials(ClusterFile file, Settings settings) {
        return file.s3().embedded()
                ? settings.with(List.of(
                        Setting.S3_ACCESS_KEY_ID.key() + "=" + TrialCredentials.ACCESS_KEY,
                        Setting.S3_SECRET_ACCESS_KEY.key() + "=" + TrialCredentials.SECRET_KEY,
                        Setting.S3_REGION.key() + "=" + TrialCredentials.REGION))
                : settings;
    }

    private void print(ClusterDirectory child, RestoreReport report) {
        json.print(
                spec.commandLine().getOut(),
                String.format(
                        Locale.ROOT,
                        "forked at LSN %d of history %s: %s%n"
                                + "it goes on as history %s%n"
                                + "start it: tidemark up --dir %s",
                        report.lsn(),
                        report.parent(),
                        AllPagesOption.words(report),
                        report.history(),
                        child.root()),
                out -> {
                    out.put("lsn", report.lsn())
                            .put("history", report.history())
                            .put("parent", report.parent());
                    AllPagesOption.put(report, out);
                });
    }
}
