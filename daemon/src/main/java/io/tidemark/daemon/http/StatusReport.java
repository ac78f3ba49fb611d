package io.tidemark.daemon.http;

/**
 * The body of {@code GET /v1/status}; the names of the components are the names in JSON.
 *
 * @param role LEADER, FOLLOWER, CANDIDATE, LISTENER, CATCHING_UP or DOWN
 * @param leader name of the leader, null when none is known
 * @param redoChain 16 hexadecimal digits, the chain after {@code redoChainLsn}
 * @param lagBytes client entries that S3 does not have yet (rule M3)
 * @param lagSeconds age of the oldest of them
 * @param checkpointLsn of the newest checkpoint of pages in S3, -1 for none
 * @param checkedMoves how often a mark moved, each time under the check of the invariant
 */
public record StatusReport(
        String cluster,
        String history,
        String name,
        long incarnation,
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
        long checkpointLsn,
        long redoChainLsn,
        String redoChain,
        long lagBytes,
        double lagSeconds,
        String http,
        String raft,
        String dir,
        long clockMillis,
        long checkedMoves,
        S3 s3) {

    /** @param error what S3 answered last, null when {@code available} */
    public record S3(String endpoint, String bucket, String prefix, boolean available, String error) {}
}
