package io.tidemark.jepsen.run;

import io.tidemark.jepsen.checker.Marks;
import io.tidemark.jepsen.checker.MarksChecker;
import io.tidemark.jepsen.cluster.Cluster;
import io.tidemark.jepsen.cluster.NodeStatus;
import io.tidemark.jepsen.cluster.ShippedObjects.Segment;
import io.tidemark.jepsen.history.Chronicle;
import io.tidemark.jepsen.history.Event;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Records every move of a node's marks that is seen, and at the end what each node holds. Thread safe. */
final class MarkLog {

    private final Chronicle history;
    private final Map<String, Marks> latest = new ConcurrentHashMap<>();

    MarkLog(Chronicle history) {
        this.history = history;
    }

    /** Records a status if its marks are not those of the one before. Of one node by one thread. */
    void saw(NodeStatus status) {
        Marks marks = status.marks();
        if (!marks.equals(latest.put(status.name(), marks))) {
            history.nemesis(Event.MARK, marks.value());
        }
    }

    /** Records what nodes and S3 hold, when the cluster is at rest. */
    void end(Cluster cluster) {
        List<NodeStatus> nodes = cluster.statuses();
        List<Segment> segments = cluster.objects().segments();
        List<List<Long>> shipped =
                segments.stream().map(s -> List.of(s.first(), s.last())).toList();
        for (NodeStatus node : nodes) {
            if (node.up()) {
                history.nemesis(
                        MarksChecker.HOLDING,
                        holding(node, shipped, cluster.objects().floor()));
            }
        }
    }

    private static Map<String, Object> holding(NodeStatus node, List<List<Long>> shipped, long floor) {
        Map<String, Object> holding = new LinkedHashMap<>();
        boolean empty = node.raftFirstIndex() < 0 || node.raftFirstIndex() > node.committed();
        holding.put("node", node.name());
        holding.put("log", empty ? null : Arrays.asList(node.raftFirstIndex(), node.committed()));
        holding.put("s3", shipped);
        holding.put("floor", floor);
        holding.put("committed", node.committed());
        holding.put("s3HighWaterMark", node.s3HighWaterMark());
        holding.put("raftLowWaterMark", node.raftLowWaterMark());
        if (node.redoChain() != null) {
            holding.put("chain", Arrays.asList(node.redoChainLsn(), node.redoChain()));
        }
        return holding;
    }
}
