package io.tidemark.raft;

import io.tidemark.engine.StorageEngine;

/**
 * Where a node stands, as {@code /v1/status} shows it. A snapshot: marks move on while it is taken.
 *
 * @param notReady why the node does not serve, null when it does
 * @param leader name of the leader, null when none is known
 * @param committed greatest LSN known to be committed
 * @param applied LSN of the last entry in the engine
 * @param durable the engine survives a crash up to here
 * @param s3HighWaterMark S3 has every entry up to here
 * @param raftLowWaterMark this node's log may be dropped up to here
 * @param raftFirstIndex first entry still in this node's log files, which go in whole segments
 * @param redoChain chain value after {@code applied}
 * @param lagBytes client entries above the S3 high water mark, bytes
 * @param lagSeconds age of the oldest of them
 * @param unpurgedEntries entries in this node's log; each takes some 300 B of heap
 * @param checkedMoves how often a mark moved, each time under the invariant's check
 * @param chainMismatch LSN at which this node's redo chain differed from the announced one, -1 for never (rule C1)
 * @param checkpointLsn LSN of the newest checkpoint of pages in S3, -1 for none
 * @param tier which pages are on the local disk
 */
public record NodeStatus(
        NodeIdentity identity,
        Role role,
        String notReady,
        long term,
        String leader,
        String leaderHttp,
        long committed,
        long applied,
        long durable,
        long s3HighWaterMark,
        long raftLowWaterMark,
        long raftFirstIndex,
        long redoChain,
        long lagBytes,
        double lagSeconds,
        long unpurgedEntries,
        long checkedMoves,
        long chainMismatch,
        long checkpointLsn,
        StorageEngine.Tier tier) {

    /** What the node does in its group. */
    public enum Role {
        LEADER,
        FOLLOWER,
        CANDIDATE,
        /** Receives the log, does not vote: on its way to become a member. */
        LISTENER,
        /** Brings its engine to the log's beginning from S3; serves nothing meanwhile. */
        CATCHING_UP,
        DOWN
    }

    public boolean ready() {
        return notReady == null;
    }
}
