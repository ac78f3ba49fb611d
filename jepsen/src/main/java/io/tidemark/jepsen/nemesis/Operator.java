package io.tidemark.jepsen.nemesis;

import io.tidemark.jepsen.cluster.Cluster;
import io.tidemark.jepsen.cluster.NodeStatus;
import io.tidemark.jepsen.cluster.Waiting;
import java.time.Duration;
import java.util.List;

/** What an operator does about nodes that are down: starts them, and gives one whose disk has failed it a new disk. */
public final class Operator {

    /** Being rebuilt from S3 takes a minute on a busy machine. */
    private static final Duration GIVE_UP = Duration.ofMinutes(4);

    private static final int STARTS_AGAIN = 2;

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

    /**
     * Starts these nodes, as far as they are down, and waits until all are ready. One that halts on the way is started again,
     * as a supervisor would: damage of long ago shows when it is met.
     */
    public static void bringBack(Cluster cluster, List<String> nodes) {
        cluster.start(nodes.stream().filter(node -> !cluster.alive(node)).toList());
        for (String node : nodes) {
            awaitReady(cluster, node, GIVE_UP);
            cluster.awaitReady(node);
        }
    }

    /** Has a node ready whose files are damaged, on a new disk if it does not get over it; says which. */
    static String mend(Cluster cluster, String node) {
        if (!cluster.alive(node)) {
            cluster.start(node);
        }
        int halts = awaitReady(cluster, node, GIVE_UP);
        String words = node + (halts == 0 ? " went on" : " halted, and went on when started again");
        if (!cluster.ready(node)) {
            words = node + (cluster.alive(node) ? " did not get ready" : " halted again and again")
                    + ", and has a new disk";
            if (cluster.alive(node)) {
                cluster.kill(node);
            }
            cluster.removeDirectory(node);
            cluster.start(node);
        }
        cluster.awaitReady(node);
        return words;
    }

    /** How often it halted; it may not be ready behind this. */
    private static int awaitReady(Cluster cluster, String node, Duration bound) {
        long end = System.nanoTime() + bound.toNanos();
        int halts = 0;
        while (!cluster.ready(node) && System.nanoTime() - end < 0) {
            if (!cluster.alive(node)) {
                if (++halts > STARTS_AGAIN) {
                    return halts;
                }
                cluster.start(node);
            }
            Waiting.pause(Duration.ofMillis(200));
        }
        return halts;
    }
}
