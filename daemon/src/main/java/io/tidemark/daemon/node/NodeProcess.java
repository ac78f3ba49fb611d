package io.tidemark.daemon.node;

import io.tidemark.daemon.cluster.ClusterDirectory;
import io.tidemark.daemon.cluster.ClusterFile;

public final class NodeProcess {
    public NodeProcess(ClusterDirectory directory, ClusterFile cluster, String node, Settings settings) {}

    public void run() throws InterruptedException {}
}
