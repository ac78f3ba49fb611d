package io.tidemark.daemon.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * All nodes at about one moment.
 *
 * @param cluster id; null when no node and no file says it
 * @param s3 endpoint, bucket and prefix as an object; null when unknown
 */
public record ClusterReport(String cluster, JsonNode s3, List<NodeReport> nodes) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public ClusterReport {
        nodes = List.copyOf(nodes);
    }

    /** The leader of the highest term; empty between leaders. */
    public Optional<NodeReport> leader() {
        return nodes.stream().filter(NodeReport::isLeader).max(Comparator.comparingLong(n -> n.number("term")));
    }

    public List<NodeReport> live() {
        return nodes.stream().filter(n -> !n.isDown()).toList();
    }

    /**
     * True when every live node's Raft_LWM equals its S3_HWM, all nodes agree on the mark, and nothing of a client's
     * waits to be shipped: the rest position of the invariant.
     */
    public boolean marksEqual() {
        List<NodeReport> live = live();
        return !live.isEmpty()
                && live.stream().allMatch(n -> n.number("s3HighWaterMark") == n.number("raftLowWaterMark"))
                && live.stream()
                                .map(n -> n.number("s3HighWaterMark"))
                                .distinct()
                                .count()
                        == 1
                && live.stream().allMatch(n -> n.number("lagBytes") <= 0);
    }

    /** Name of the leader, null when there is none. */
    public String leaderName() {
        return leader().map(NodeReport::name).orElse(null);
    }

    /** The form of {@code status --json}. */
    public ObjectNode toJson() {
        ObjectNode out = JSON.createObjectNode();
        out.put("cluster", cluster);
        out.put("leader", leaderName());
        out.set("s3", Objects.requireNonNullElse(s3, out.nullNode()));
        ArrayNode list = out.putArray("nodes");
        nodes.forEach(node -> list.add(node.toJson()));
        return out;
    }
}
