package io.tidemark.jepsen.cluster;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.tidemark.jepsen.checker.Marks;

/**
 * What a node says of itself at {@code /v1/status}, or that it says nothing. Marks are LSNs, -1 before the first entry.
 *
 * @param role LEADER, FOLLOWER, CANDIDATE, LISTENER, CATCHING_UP, or {@link #DOWN} if it did not answer
 * @param checkedMoves how many moves of marks this process has checked against the invariant
 * @param s3 what it knows of its object store, null if it says nothing
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record NodeStatus(
        String cluster,
        String history,
        String name,
        int incarnation,
        long pid,
        String role,
        long term,
        String leader,
        long committed,
        long applied,
        long durable,
        long s3HighWaterMark,
        long raftLowWaterMark,
        long raftFirstIndex,
        long redoChainLsn,
        String redoChain,
        long lagBytes,
        double lagSeconds,
        long checkedMoves,
        S3 s3) {

    /** The role of a node that does not answer. */
    public static final String DOWN = "DOWN";

    /** The object store as the node sees it. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record S3(String endpoint, String bucket, String prefix, boolean available, String error) {}

    /** A node that did not answer. */
    public static NodeStatus down(String name) {
        return new NodeStatus(null, null, name, 0, 0, DOWN, -1, null, -1, -1, -1, -1, -1, -1, -1, null, 0, 0, 0, null);
    }

    /** Whether it answered. */
    public boolean up() {
        return !DOWN.equals(role);
    }

    /** Whether it leads. */
    public boolean leads() {
        return "LEADER".equals(role);
    }

    /** Its marks, for the record; only of a node that answered. */
    public Marks marks() {
        return new Marks(
                history,
                name,
                incarnation,
                pid,
                committed,
                applied,
                durable,
                s3HighWaterMark,
                raftLowWaterMark,
                checkedMoves);
    }

    /** Whether everything that has to be in S3 is there and Raft has let go of it. */
    public boolean atRest() {
        return up() && raftLowWaterMark == s3HighWaterMark && lagBytes == 0 && applied == committed;
    }

    @Override
    public String toString() {
        if (!up()) {
            return name + " DOWN";
        }
        return name + "-" + incarnation + " pid " + pid + " " + role + " term " + term + " committed " + committed
                + " applied " + applied + " durable " + durable + " S3_HWM " + s3HighWaterMark + " Raft_LWM "
                + raftLowWaterMark + " first " + raftFirstIndex + " lag " + lagBytes + " B " + lagSeconds
                + " s, moves " + checkedMoves + (s3 == null || s3.available() ? "" : ", S3 away: " + s3.error());
    }
}
