package io.tidemark.raft.batch;

import java.util.function.LongSupplier;

/** Judges whether client writes may enter, slowly or not at all (rule M5). Thread-safe; asked once per entry. */
public final class Admission {
    /** What the limits say right now. */
    public enum Verdict {
        OPEN,
        /** Past a soft limit: entries wait for company, so that they get fuller and fewer. */
        SLOW
    }

    private final AdmissionLimits limits;
    private final LongSupplier unshippedBytes;
    private final LongSupplier unpurgedEntries;
    private final LongSupplier freeDiskBytes;

    public Admission(
            AdmissionLimits limits,
            LongSupplier unshippedBytes,
            LongSupplier unpurgedEntries,
            LongSupplier freeDiskBytes) {
        this.limits = limits;
        this.unshippedBytes = unshippedBytes;
        this.unpurgedEntries = unpurgedEntries;
        this.freeDiskBytes = freeDiskBytes;
    }

    /** Throws {@link LimitException} past a hard limit. */
    public Verdict judge() {
        long unshipped = unshippedBytes.getAsLong();
        if (unshipped >= limits.unshippedBytesHard()) {
            throw new LimitException(
                    unshipped + " bytes wait for S3, the limit is " + limits.unshippedBytesHard()
                            + ": writes are refused until S3 has taken some",
                    false);
        }
        long unpurged = unpurgedEntries.getAsLong();
        if (unpurged >= limits.unpurgedEntriesHard()) {
            throw new LimitException(
                    unpurged + " entries are in the Raft log, the limit is " + limits.unpurgedEntriesHard()
                            + ": writes are refused until S3 has taken some",
                    false);
        }
        long free = freeDiskBytes.getAsLong();
        if (free < limits.freeDiskBytes()) {
            throw new LimitException(
                    "the disk has " + free + " bytes left, " + limits.freeDiskBytes()
                            + " are kept in reserve: make room, writes are refused meanwhile",
                    false);
        }
        boolean slow = unshipped >= limits.unshippedBytesSoft() || unpurged >= limits.unpurgedEntriesSoft();
        return slow ? Verdict.SLOW : Verdict.OPEN;
    }
}
