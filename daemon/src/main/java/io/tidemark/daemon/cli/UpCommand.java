package io.tidemark.daemon.cli;

import io.tidemark.daemon.cluster.ClusterDirectory;
import io.tidemark.daemon.cluster.ClusterFile;
import io.tidemark.daemon.cluster.Formation;
import io.tidemark.daemon.cluster.NodeAddress;
import io.tidemark.daemon.cluster.S3Location;
import io.tidemark.daemon.node.ObjectStores;
import io.tidemark.daemon.node.Settings;
import io.tidemark.daemon.process.ClusterProcesses;
import io.tidemark.daemon.process.FreePorts;
import io.tidemark.daemon.process.JavaCommand;
import io.tidemark.daemon.process.Startup;
import io.tidemark.daemon.remote.Cluster;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tidemark up}: forms a cluster or starts the one that is there, and shows its timeline. */
@Command(
        name = "up",
        description = {
            "Starts a cluster, of three nodes unless told otherwise, and shows its timeline until Ctrl-C, which stops"
                    + " it.",
            "In a directory that is missing or empty it forms a new cluster with an S3 endpoint of its own, for"
                    + " trial; in a cluster's directory it starts what is down."
        })
final class UpCommand implements Callable<Integer> {
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
    private SettingsOption settings;

    @Option(names = "--detach", description = "return when the cluster is ready and leave it running")
    private boolean detach;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "90",
            description = "give up when not ready by then (default: ${DEFAULT-VALUE})")
    private int timeoutSeconds;

    @Override
    public Integer call() {
        long begin = System.nanoTime();
        ClusterDirectory directory = directoryOption.directory();
        ClusterFile file = directory.exists() ? existing(directory) : form(directory);
        ClusterProcesses processes = new ClusterProcesses(directory, file, JavaCommand.ofThisProcess());
        Cluster cluster = Cluster.of(directory);
        CtrlC ctrlC = new CtrlC(file, processes, spec.commandLine().getErr());
        if (!detach) {
            ctrlC.install();
        }
        Progress progress = new Progress(spec.commandLine().getErr(), "starting");
        Startup startup = new Startup(directory, file, processes, cluster.api(), progress::say);
        try {
            startup.start(file.nodes().stream().map(NodeAddress::name).toList(), Duration.ofSeconds(timeoutSeconds));
        } catch (RuntimeException e) {
            ctrlC.uninstall();
            throw e;
        } finally {
            progress.done();
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        spec.commandLine().getOut().print(endpoints(directory, file, processes, seconds));
        spec.commandLine().getOut().flush();
        if (!detach) {
            new TimelineLoop(cluster, spec.commandLine().getOut()).run(() -> !ctrlC.pressed());
            ctrlC.awaitStopped();
        }
        return CommandLine.ExitCode.OK;
    }

    private ClusterFile form(ClusterDirectory directory) {
        directory.requireFree();
        int count = nodesOption.count();
        List<Integer> free = new FreePorts(new SecureRandom()).take(2 * count + 1);
        List<NodeAddress> nodes = Formation.loopback(
                ports.http(count, free.subList(0, count)), ports.raft(count, free.subList(count, 2 * count)));
        S3Location s3 = s3Option.given().orElseGet(() -> Formation.trialS3(ports.s3(free.get(2 * count))));
        Settings chosen = settings.over(Settings.read(directory.properties()));
        if (!s3.embedded()) {
            ObjectStores.requireAnswer(s3, settings.over(Settings.effective(directory.properties())));
        }
        ClusterFile formed = new Formation(directory, UUID::randomUUID).form(s3, nodes);
        chosen.write(directory.properties());
        return formed;
    }

    private ClusterFile existing(ClusterDirectory directory) {
        ClusterFile file = directory.cluster();
        s3Option.given().ifPresent(given -> {
            if (!given.equals(file.s3())) {
                throw refused("the cluster in " + directory.root() + " keeps its history in " + file.s3() + ", not in "
                        + given + "; leave --s3 away, or name another --dir");
            }
        });
        if (settings.given()) {
            throw refused("the cluster in " + directory.root() + " has its settings in " + directory.properties()
                    + "; change them there and start its nodes again");
        }
        if (ports.given()) {
            throw refused("the cluster in " + directory.root()
                    + " has its addresses already (cluster.json); leave the options for ports away");
        }
        if (nodesOption.or(file.nodes().size()) != file.nodes().size()) {
            throw refused("the cluster in " + directory.root() + " has "
                    + file.nodes().size() + " nodes (cluster.json); leave --nodes away");
        }
        List<String> lost = directory.lostNodes(file);
        int nodes = file.nodes().size();
        if (lost.size() == nodes) {
            throw refused("all nodes of the cluster in " + directory.root() + " have lost their directories. What S3"
                    + " has can be brought back: tidemark restore --dir " + directory.root());
        }
        if (2 * lost.size() >= nodes) {
            throw refused(String.join(" and ", lost) + " have lost their directories, and with them the majority:"
                    + " the cluster cannot go on. Move the directories that are left to a safe place, then bring back"
                    + " what S3 has: tidemark restore --dir " + directory.root());
        }
        return file;
    }

    private static TidemarkException refused(String message) {
        return new TidemarkException(ErrorKind.INVALID, message);
    }

    private String endpoints(ClusterDirectory directory, ClusterFile file, ClusterProcesses processes, double seconds) {
        StringBuilder out = new StringBuilder();
        out.append(String.format(Locale.ROOT, "Cluster %s is ready after %.1f s.%n", file.cluster(), seconds));
        for (NodeAddress node : file.nodes()) {
            String pid = processes
                    .running(node.name())
                    .map(p -> Long.toString(p.pid()))
                    .orElse("?");
            out.append(String.format(
                    "  %-4s http://%-22s pid %-8s %s%n", node.name(), node.http(), pid, directory.node(node.name())));
        }
        out.append(String.format(
                "  %-4s %s%s%n%n",
                "S3", file.s3(), file.s3().embedded() ? " (embedded, for trial: it never syncs)" : ""));
        return out.toString();
    }
}
