package io.tidemark.jepsen.nemesis;

import io.tidemark.jepsen.cluster.Cluster;
import java.util.List;

/** The daemons of a cluster. */
record ClusterNodes(Cluster cluster) implements Nodes {

    @Override
    public List<String> names() {
        return cluster.names();
    }

    @Override
    public boolean alive(String node) {
        return cluster.alive(node);
    }

    @Override
    public boolean ready(String node) {
        return cluster.ready(node);
    }

    @Override
    public String words(String node) {
        return cluster.alive(node) ? cluster.waitsFor(node) : cluster.lastWords(node);
    }

    @Override
    public boolean readsAll(String node) {
        return cluster.readsAll(node);
    }

    @Override
    public void start(List<String> nodes) {
        cluster.start(nodes);
    }

    @Override
    public void kill(String node) {
        cluster.dump(node);
        cluster.kill(node);
    }

    @Override
    public void removeDirectory(String node) {
        cluster.removeDirectory(node);
    }
}
