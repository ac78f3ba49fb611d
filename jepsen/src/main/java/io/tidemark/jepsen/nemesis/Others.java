package io.tidemark.jepsen.nemesis;

import io.tidemark.jepsen.cluster.Cluster;
import io.tidemark.jepsen.cluster.NodeStatus;
import io.tidemark.jepsen.cluster.Waiting;
import java.time.Duration;
import java.util.List;

/**
 * All nodes but one that has just ended. Raft forgives no voter that forgets what it has acknowledged, and some cuts of a log
 * cannot be seen: its files may be damaged only when nothing acknowledged depends on them.
 */
final class Others {

    /** Until what the one that ended has sent is there, over a slow link too. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private static final Duration UNDER_FIRE = Duration.ofSeconds(20);
    private static final Duration IN_TRUCE = Duration.ofSeconds(60);

    private final Cluster cluster;
    private final List<String> names;
    private long goal = -1;

    /** @param ended the one that has just ended */
    Others(Cluster cluster, String ended) {
        this.cluster = cluster;
        this.names =
                cluster.names().stream().filter(name -> !name.equals(ended)).toList();
    }

    /** Whether they get to have all that was acknowledged; while they do not, a truce is called, and given up on after a while. */
    boolean haveAll(Truce truce) {
        // What the one that ended has acknowledged, the others may not know as committed yet. Their leader, once there
        // is one,
        // has it in its log, and whatever it commits from now on lies behind it.
        Waiting.pause(LAST_WORDS);
        long known = cluster.statuses().stream()
                .mapToLong(NodeStatus::committed)
                .max()
                .orElse(-1);
        boolean[] all = {await(known, UNDER_FIRE)};
        if (!all[0]) {
            truce.during(() -> all[0] = await(known, IN_TRUCE));
        }
        return all[0];
    }

    private boolean await(long known, Duration bound) {
        long end = System.nanoTime() + bound.toNanos();
        boolean all = haveAll(known);
        while (!all && System.nanoTime() - end < 0) {
            Waiting.pause(Duration.ofMillis(50));
            all = haveAll(known);
        }
        return all;
    }

    private boolean haveAll(long known) {
        List<NodeStatus> now = names.stream().map(cluster::status).toList();
        if (goal < 0) {
            goal = now.stream()
                    .filter(node -> node.leads() && node.committed() > known)
                    .mapToLong(NodeStatus::committed)
                    .max()
                    .orElse(-1);
        }
        return goal >= 0 && now.stream().allMatch(node -> node.up() && node.applied() >= goal);
    }
}
