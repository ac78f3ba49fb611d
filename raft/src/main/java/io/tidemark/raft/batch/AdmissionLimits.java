package io.tidemark.raft.batch;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;

/**
 * When client writes are slowed (soft) and refused (hard). Entries that move marks are never held back: they are what
 * frees space (rule M5).
 *
 * @param unshippedBytesSoft client entries that S3 does not have yet; default 1 GiB
 * @param unshippedBytesHard default 4 GiB
 * @param unpurgedEntriesSoft entries in the Raft log, some 300 B of heap each; above what one log segment of small
 *     entries holds; default 160,000
 * @param unpurgedEntriesHard default 280,000
 * @param freeDiskBytes writes are refused when less is free on the node's disk; default 256 MiB
 */
public record AdmissionLimits(
        long unshippedBytesSoft,
        long unshippedBytesHard,
        long unpurgedEntriesSoft,
        long unpurgedEntriesHard,
        long freeDiskBytes) {

    public static AdmissionLimits defaults() {
        return new AdmissionLimits(1L << 30, 4L << 30, 160_000, 280_000, 256L << 20);
    }

    public AdmissionLimits {
        if (unshippedBytesSoft < 1
                || unshippedBytesHard < unshippedBytesSoft
                || unpurgedEntriesSoft < 1
                || unpurgedEntriesHard < unpurgedEntriesSoft
                || freeDiskBytes < 0) {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    "admission limits want 1 <= soft <= hard and freeDiskBytes >= 0, not unshipped "
                            + unshippedBytesSoft
                            + ".." + unshippedBytesHard + " B, unpurged " + unpurgedEntriesSoft + ".."
                            + unpurgedEntriesHard + " entries, freeDiskBytes " + freeDiskBytes);
        }
    }
}
