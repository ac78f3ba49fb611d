package io.tidemark.daemon.http;

import io.tidemark.engine.Retention;
import java.util.List;

/**
 * The body of {@code GET /v1/status}; the names of the components are the names in JSON.
 *
 * @param role LEADER, FOLLOWER, CANDIDATE, LISTENER, CATCHING_UP or DOWN
 * @param leader name of the leader, null when none is known
 * @param redoChain 16 hexadecimal digits, the chain after {@code redoChainLsn}
 * @param lagBytes client entries that S3 does not have yet (rule M3)
 * @param lagSeconds age of the oldest of them
 * @param checkpointLsn of the newest checkpoint of pages in S3, -1 for none
 * @param kept what of the past is kept
 * @param tier null where there are no pages
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
        Kept kept,
        S3 s3,
        Tier tier) {

    /**
     * Pages on the local disk and in S3 alone.
     *
     * @param localBytes of pages on the local disk
     * @param coldPages that are in S3 alone
     * @param faults pages that somebody had to wait for, since the node was started
     * @param evicted pages that left the local disk, since then
     * @param hitRate share of pages read that the local disk had, 1 before the first
     * @param waits why no entry is applied: a page that it needs cannot be had now; null while all is well
     */
    public record Tier(long localBytes, long coldPages, long faults, long evicted, double hitRate, String waits) {}

    /**
     * What of the past is kept.
     *
     * @param floor states below this LSN are given up, -1 for none
     * @param collected what only states below this LSN need was let go of
     */
    public record Kept(long floor, long collected, List<Pin> pins) {
        public static Kept of(Retention retention) {
            return new Kept(
                    retention.floor(),
                    retention.collected(),
                    retention.pins().stream()
                            .map(pin -> new Pin(pin.name(), pin.lsn()))
                            .toList());
        }
    }

    /** The state at {@code lsn} is kept as long as the pin is there. */
    public record Pin(String name, long lsn) {}

    /** @param error what S3 answered last, null when {@code available} */
    public record S3(String endpoint, String bucket, String prefix, boolean available, String error) {}
}
