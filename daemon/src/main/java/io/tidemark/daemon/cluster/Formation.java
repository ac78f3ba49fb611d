package io.tidemark.daemon.cluster;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/** Writes down a new cluster: the identities of its founders first, {@code cluster.json} last, so that the latter's presence means all of it. */
public final class Formation {
    /** Bucket and prefix in the embedded endpoint. */
    public static final String TRIAL_BUCKET = "tidemark";

    private final ClusterDirectory directory;
    private final Supplier<UUID> ids;

    public Formation(ClusterDirectory directory, Supplier<UUID> ids) {
        this.directory = directory;
        this.ids = ids;
    }

    /**
     * Forms a cluster with a new history in a free directory.
     *
     * @param nodes where the founders will listen
     */
    public ClusterFile form(S3Location s3, List<NodeAddress> nodes) {
        directory.requireFree();
        ClusterFile cluster = new ClusterFile(ids.get().toString(), ids.get().toString(), s3, nodes);
        write(cluster);
        return cluster;
    }

    /** Writes the identities of all nodes in their first incarnation, then the cluster's file. */
    public void write(ClusterFile cluster) {
        for (NodeAddress node : cluster.nodes()) {
            IdentityFile.founder(cluster, node.name()).write(directory.identity(node.name()));
        }
        cluster.write(directory.clusterFile());
    }

    /** Addresses on loopback of nodes n1, n2, ...; both lists are equally long. */
    public static List<NodeAddress> loopback(List<Integer> httpPorts, List<Integer> raftPorts) {
        if (httpPorts.size() != raftPorts.size()) {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    httpPorts.size() + " HTTP ports do not go with " + raftPorts.size() + " Raft ports");
        }
        List<NodeAddress> nodes = new ArrayList<>();
        for (int i = 0; i < httpPorts.size(); i++) {
            nodes.add(new NodeAddress("n" + (i + 1), "127.0.0.1:" + httpPorts.get(i), "127.0.0.1:" + raftPorts.get(i)));
        }
        return nodes;
    }

    /** The embedded endpoint's location. */
    public static S3Location trialS3(int port) {
        return new S3Location("http://127.0.0.1:" + port, TRIAL_BUCKET, "trial", true);
    }
}
