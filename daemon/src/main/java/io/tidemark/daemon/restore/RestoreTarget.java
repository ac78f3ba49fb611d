package io.tidemark.daemon.restore;

import io.tidemark.daemon.cluster.ClusterDirectory;
import io.tidemark.daemon.cluster.ClusterFile;
import io.tidemark.daemon.cluster.NodeAddress;
import io.tidemark.daemon.process.OwnProcess;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Looks whether a directory may be restored into: nothing that could still be somebody's data is ever replaced. */
public final class RestoreTarget {
    private RestoreTarget() {}

    /** The cluster whose nodes have all lost their disks; refuses one of which a node is left. */
    public static ClusterFile lostCluster(ClusterDirectory directory) {
        ClusterFile cluster = directory.cluster();
        for (NodeAddress node : cluster.nodes()) {
            String name = node.name();
            if (OwnProcess.find(directory, name).isPresent()) {
                throw refused(name + " is running; stop the cluster first: tidemark down --dir " + directory.root());
            }
            if (!isEmpty(directory.node(name))) {
                throw refused(directory.node(name) + " still holds data. Restore is for a cluster whose nodes have all"
                        + " lost their disks: start this one with 'tidemark up', or move what is left to a safe place"
                        + " (then --with-log takes what its log has beyond S3), or restore into another --dir.");
            }
        }
        return cluster;
    }

    private static boolean isEmpty(Path disk) {
        if (!Files.exists(disk)) {
            return true;
        }
        try (Stream<Path> children = Files.list(disk)) {
            return children.findAny().isEmpty();
        } catch (IOException e) {
            throw new TidemarkException(ErrorKind.UNAVAILABLE, "cannot list " + disk + ": " + e.getMessage(), e);
        }
    }

    private static TidemarkException refused(String message) {
        return new TidemarkException(ErrorKind.INVALID, message);
    }
}
