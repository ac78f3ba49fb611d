package io.tidemark.jepsen.nemesis;

import io.tidemark.jepsen.cluster.Cluster;
import io.tidemark.jepsen.cluster.NodeStatus;
import io.tidemark.jepsen.cluster.Waiting;
import java.time.Duration;
import java.util.List;

/** What an operator does about a node whose disk has failed it: starts it, and gives it a new disk if it refuses. */
final class Operator {

    private static final Duration GIVE_UP = Duration.ofSeconds(30);

    private Operator() {}

    /** Waits until every other node has applied all that is committed: then nothing acknowledged depends on this one. */
    static void awaitOthers(Cluster cluster, String node) {
        List<String> others =
                cluster.names().stream().filter(n -> !n.equals(node)).toList();
        long committed = others.stream()
                .map(cluster::status)
                .mapToLong(NodeStatus::committed)
                .max()
                .orElse(-1);
        Waiting.until(
                "all but " + node + " have applied " + committed,
                Cluster.PATIENCE,
                () -> others.stream().map(cluster::status).toList(),
                all -> all.stream().allMatch(status -> status.up() && status.applied() >= committed));
    }

    /** Has the node ready; says whether it went on by itself. */
    static String bringBack(Cluster cluster, String node) {
        String words = node + " went on";
        if (!cluster.alive(node)) {
            cluster.start(List.of(node));
        }
        long end = System.nanoTime() + GIVE_UP.toNanos();
        while (cluster.alive(node) && !cluster.ready(node) && System.nanoTime() - end < 0) {
            Waiting.pause(Duration.ofMillis(200));
        }
        if (!cluster.ready(node)) {
            boolean halted = !cluster.alive(node);
            if (!halted) {
                cluster.kill(node);
            }
            cluster.removeDirectory(node);
            cluster.start(List.of(node));
            words = node + (halted ? " refused to start" : " did not get ready") + ", and has a new disk";
        }
        cluster.awaitReady(node);
        return words;
    }
}
