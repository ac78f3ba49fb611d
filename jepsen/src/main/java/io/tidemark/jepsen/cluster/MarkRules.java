package io.tidemark.jepsen.cluster;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Judges what nodes say of their marks, one status after another. Rule M1: on every node, at every instant,
 * {@code Raft_LWM <= S3_HWM <= committed}; durable, S3_HWM and Raft_LWM never go back as long as the incarnation lives,
 * whatever happens to its process; the count of checked moves never goes back as long as the process lives.
 *
 * <p>Not thread safe; one instance per node.
 */
final class MarkRules {

    private final Map<String, NodeStatus> latest = new HashMap<>();

    /** What this status contradicts, in words, or empty. */
    Optional<String> violation(NodeStatus status) {
        if (!status.up()) {
            return Optional.empty();
        }
        NodeStatus before = latest.put(status.history() + "/" + status.name() + "-" + status.incarnation(), status);
        if (status.raftLowWaterMark() > status.s3HighWaterMark()) {
            return Optional.of("Raft_LWM above S3_HWM: " + status);
        }
        if (status.s3HighWaterMark() > status.committed()) {
            return Optional.of("S3_HWM above committed: " + status);
        }
        return before == null ? Optional.empty() : wentBack(before, status);
    }

    private static Optional<String> wentBack(NodeStatus before, NodeStatus status) {
        String mark = null;
        if (status.durable() < before.durable()) {
            mark = "durable";
        } else if (status.s3HighWaterMark() < before.s3HighWaterMark()) {
            mark = "S3_HWM";
        } else if (status.raftLowWaterMark() < before.raftLowWaterMark()) {
            mark = "Raft_LWM";
        } else if (status.pid() == before.pid() && status.checkedMoves() < before.checkedMoves()) {
            mark = "checkedMoves";
        }
        return mark == null ? Optional.empty() : Optional.of(mark + " went back: " + before + ", then " + status);
    }
}
