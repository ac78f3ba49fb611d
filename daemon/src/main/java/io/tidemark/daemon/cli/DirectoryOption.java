package io.tidemark.daemon.cli;

import io.tidemark.daemon.cluster.ClusterDirectory;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code --dir}: the cluster's directory. */
final class DirectoryOption {
    @Option(
            names = "--dir",
            paramLabel = "DIR",
            defaultValue = "./.tidemark",
            description = "directory of the cluster (default: ${DEFAULT-VALUE})")
    private Path root;

    ClusterDirectory directory() {
        return new ClusterDirectory(root);
    }
}
