package io.tidemark.daemon.restore;

import io.tidemark.daemon.cluster.ClusterDirectory;
import io.tidemark.daemon.cluster.ClusterFile;
import io.tidemark.daemon.cluster.IdentityFile;
import io.tidemark.daemon.cluster.NodeAddress;
import io.tidemark.daemon.cluster.S3Location;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.recovery.Progress;
import io.tidemark.recovery.Restore;
import io.tidemark.recovery.RestoreReport;
import io.tidemark.recovery.StoreDirectory;
import io.tidemark.recovery.SurvivingLog;
import io.tidemark.shipper.pace.Pace;
import io.tidemark.shipper.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** Restores into one cluster's directory. */
public final class ClusterRestore {
    private final ClusterDirectory directory;
    private final ObjectStore store;
    private final Function<Path, StoreDirectory> places;
    private final Supplier<UUID> ids;
    private final Consumer<Progress> progress;

    /** @param places how a directory becomes a store, with the options that the daemons use */
    public ClusterRestore(
            ClusterDirectory directory,
            ObjectStore store,
            Function<Path, StoreDirectory> places,
            Supplier<UUID> ids,
            Consumer<Progress> progress) {
        this.directory = directory;
        this.store = store;
        this.places = places;
        this.ids = ids;
        this.progress = progress;
    }

    /**
     * Restores, and writes the new cluster's files.
     *
     * @param history to restore; empty for the only one in S3
     * @param lsn the state wanted; empty for the newest manifest's
     */
    public RestoreReport run(S3Location s3, List<NodeAddress> nodes, Optional<String> history, Optional<Long> lsn) {
        return run(s3, nodes, restore -> restore.run(history, lsn));
    }

    /** The same, to the newest state in S3, and on with what a surviving node's log has above it (rule L9). */
    public RestoreReport run(S3Location s3, List<NodeAddress> nodes, SurvivingLog survivor) {
        return run(s3, nodes, restore -> restore.run(survivor));
    }

    private RestoreReport run(S3Location s3, List<NodeAddress> nodes, Function<Restore, RestoreReport> how) {
        removeLeftovers(nodes);
        try {
            RestoreReport report = how.apply(
                    new Restore(store, places.apply(scratch()), () -> ids.get().toString(), Pace.system(), progress));
            ClusterFile cluster = new ClusterFile(ids.get().toString(), report.history(), s3, nodes);
            for (NodeAddress node : nodes) {
                DirectoryTree.copy(scratch(), fresh(node).resolve("engine"));
                IdentityFile.founder(cluster, node.name()).write(fresh(node).resolve("identity.json"));
            }
            take(cluster);
            return report;
        } finally {
            removeLeftovers(nodes);
        }
    }

    /** From here on it is the new cluster's directory; a crash in between leaves it one whose nodes lost their disks. */
    private void take(ClusterFile cluster) {
        try {
            if (directory.exists()) {
                String old = directory.cluster().history();
                Files.copy(
                        directory.clusterFile(),
                        directory.root().resolve("cluster.json." + old),
                        StandardCopyOption.REPLACE_EXISTING);
            }
            cluster.write(directory.clusterFile());
            for (NodeAddress node : cluster.nodes()) {
                Files.deleteIfExists(directory.node(node.name()));
                Files.move(fresh(node), directory.node(node.name()), StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw new TidemarkException(
                    ErrorKind.UNAVAILABLE, "cannot put the restored nodes in their places: " + e.getMessage(), e);
        }
    }

    private Path scratch() {
        return directory.root().resolve("restore.scratch");
    }

    private Path fresh(NodeAddress node) {
        return directory.root().resolve(node.name() + ".restored");
    }

    private void removeLeftovers(List<NodeAddress> nodes) {
        DirectoryTree.remove(scratch());
        DirectoryTree.remove(scratch().resolveSibling(scratch().getFileName() + ".seed"));
        nodes.forEach(node -> DirectoryTree.remove(fresh(node)));
    }
}
