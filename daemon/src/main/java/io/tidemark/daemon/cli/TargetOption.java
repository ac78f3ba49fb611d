package io.tidemark.daemon.cli;

import io.tidemark.daemon.cluster.ClusterDirectory;
import io.tidemark.daemon.cluster.HostPort;
import io.tidemark.daemon.node.Settings;
import io.tidemark.daemon.remote.Cluster;
import io.tidemark.engine.error.TidemarkException;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The cluster that a command talks to: by its directory, or by the addresses of some of its nodes. */
final class TargetOption {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "directory of the cluster (default: ./.tidemark); not with --endpoints")
    private Path root;

    @Option(
            names = "--endpoints",
            paramLabel = "HOST:PORT,...",
            description = "HTTP addresses of nodes, for a cluster that is elsewhere")
    private String endpoints;

    /** Those of the cluster's directory, if one was given, with the environment over them. */
    Settings settings() {
        return endpoints == null
                ? Settings.effective(directory().properties())
                : Settings.standard().withEnvironment(System.getenv());
    }

    private ClusterDirectory directory() {
        return new ClusterDirectory(root == null ? Path.of(".tidemark") : root);
    }

    Cluster cluster() {
        if (endpoints == null) {
            return Cluster.of(directory());
        }
        if (root != null) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--dir and --endpoints both name a cluster: give one of them");
        }
        try {
            return Cluster.of(HostPort.parseList(endpoints));
        } catch (TidemarkException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--endpoints: " + e.getMessage(), e);
        }
    }
}
