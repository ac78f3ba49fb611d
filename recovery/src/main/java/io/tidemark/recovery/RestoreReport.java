package io.tidemark.recovery;

import io.tidemark.engine.StorageEngine.ContentsDigest;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What a restore brought back and what it began.
 *
 * @param lsn the state restored, exactly
 * @param term its term; terms of the new history must be higher (rule H1)
 * @param redoChain after {@code lsn}
 * @param contents digest of all keyspaces there; empty where pages are in S3 alone, for it would have to fetch them
 * @param coldPages pages that are in S3 alone
 * @param bytes of the segments read
 * @param history id of the new history, also of its Raft group
 * @param parent the history restored from
 * @param beyond entries above what the newest manifest had, from a surviving node (rule L9)
 */
public record RestoreReport(
        long lsn,
        long term,
        long redoChain,
        Optional<ContentsDigest> contents,
        long coldPages,
        long segments,
        long entries,
        long bytes,
        String history,
        String parent,
        long beyond) {

    /** Last LSN shared with the parent. */
    public long fork() {
        return lsn;
    }

    public String redoChainHex() {
        return HexFormat.of().toHexDigits(redoChain);
    }
}
