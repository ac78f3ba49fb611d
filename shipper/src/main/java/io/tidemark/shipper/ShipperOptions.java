package io.tidemark.shipper;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.checkpoint.CheckpointOptions;
import io.tidemark.shipper.retention.RetentionOptions;
import io.tidemark.shipper.segment.SegmentWriter;

/**
 * When to cut and how patient to be; checked once.
 *
 * @param segmentBytes a segment is cut once its entries hold this many bytes before compression; 1 KiB (tests) to 64
 *     MiB, default 8 MiB. One large entry makes a larger segment
 * @param segmentAgeMillis a segment with a client's entry is cut once that entry has waited so long; at least 1, default
 *     1,000. It bounds what a loss of all disks takes
 * @param pollMillis rest between looks at the log when there is nothing to do; at least 1, default 50
 * @param backoffFirstMillis upper bound of the first delay after a failure; default 100
 * @param backoffMaxMillis upper bound of each delay; default 5,000
 * @param proposalMillis how long to wait for a proposal's answer before looking at S3 and the state anew; default 30,000
 * @param zstdLevel of segments, -7 (fast) to 22 (small); default 3. Writers may differ in it (rule CT8)
 * @param ackLingerMillis a client's entry that somebody waits for to be in S3 is cut after this time instead, if that is
 *     shorter than {@code segmentAgeMillis}: what comes meanwhile shares its requests; at least 0, default 20 (rule M6)
 * @param parallelSegments full segments on their way to S3 at once, each held in memory; 1 to 64, default 3
 * @param checkpoints when checkpoints of pages are made
 * @param retention how much of the past is kept
 */
public record ShipperOptions(
        int segmentBytes,
        long segmentAgeMillis,
        long pollMillis,
        long backoffFirstMillis,
        long backoffMaxMillis,
        long proposalMillis,
        int zstdLevel,
        long ackLingerMillis,
        int parallelSegments,
        CheckpointOptions checkpoints,
        RetentionOptions retention) {
    private static final long ACK_LINGER_MILLIS = 20;
    private static final int PARALLEL_SEGMENTS = 3;

    public static ShipperOptions defaults() {
        return new ShipperOptions(8 << 20, 1_000, 50, 100, 5_000, 30_000);
    }

    /** With the standard compression, linger and number of uploads. */
    public ShipperOptions(
            int segmentBytes,
            long segmentAgeMillis,
            long pollMillis,
            long backoffFirstMillis,
            long backoffMaxMillis,
            long proposalMillis) {
        this(
                segmentBytes,
                segmentAgeMillis,
                pollMillis,
                backoffFirstMillis,
                backoffMaxMillis,
                proposalMillis,
                SegmentWriter.ZSTD_LEVEL,
                ACK_LINGER_MILLIS,
                PARALLEL_SEGMENTS,
                CheckpointOptions.defaults(),
                RetentionOptions.defaults());
    }

    public ShipperOptions {
        require(segmentBytes >= 1 << 10 && segmentBytes <= 64 << 20, "segmentBytes", segmentBytes);
        require(segmentAgeMillis >= 1, "segmentAgeMillis", segmentAgeMillis);
        require(pollMillis >= 1, "pollMillis", pollMillis);
        require(backoffFirstMillis >= 1, "backoffFirstMillis", backoffFirstMillis);
        require(
                backoffMaxMillis >= backoffFirstMillis,
                "backoffMaxMillis (at least backoffFirstMillis)",
                backoffMaxMillis);
        require(proposalMillis >= 1, "proposalMillis", proposalMillis);
        require(ackLingerMillis >= 0, "ackLingerMillis", ackLingerMillis);
        require(parallelSegments >= 1 && parallelSegments <= 64, "parallelSegments", parallelSegments);
        require(zstdLevel >= -7 && zstdLevel <= 22, "zstdLevel", zstdLevel);
    }

    public ShipperOptions withSegment(int bytes, long ageMillis) {
        return new ShipperOptions(
                bytes,
                ageMillis,
                pollMillis,
                backoffFirstMillis,
                backoffMaxMillis,
                proposalMillis,
                zstdLevel,
                ackLingerMillis,
                parallelSegments,
                checkpoints,
                retention);
    }

    public ShipperOptions withCheckpoints(CheckpointOptions other) {
        return new ShipperOptions(
                segmentBytes,
                segmentAgeMillis,
                pollMillis,
                backoffFirstMillis,
                backoffMaxMillis,
                proposalMillis,
                zstdLevel,
                ackLingerMillis,
                parallelSegments,
                other,
                retention);
    }

    public ShipperOptions withRetention(RetentionOptions other) {
        return new ShipperOptions(
                segmentBytes,
                segmentAgeMillis,
                pollMillis,
                backoffFirstMillis,
                backoffMaxMillis,
                proposalMillis,
                zstdLevel,
                ackLingerMillis,
                parallelSegments,
                checkpoints,
                other);
    }

    public ShipperOptions withZstdLevel(int level) {
        return new ShipperOptions(
                segmentBytes,
                segmentAgeMillis,
                pollMillis,
                backoffFirstMillis,
                backoffMaxMillis,
                proposalMillis,
                level,
                ackLingerMillis,
                parallelSegments,
                checkpoints,
                retention);
    }

    public ShipperOptions withAckLinger(long millis) {
        return new ShipperOptions(
                segmentBytes,
                segmentAgeMillis,
                pollMillis,
                backoffFirstMillis,
                backoffMaxMillis,
                proposalMillis,
                zstdLevel,
                millis,
                parallelSegments,
                checkpoints,
                retention);
    }

    public ShipperOptions withParallelSegments(int segments) {
        return new ShipperOptions(
                segmentBytes,
                segmentAgeMillis,
                pollMillis,
                backoffFirstMillis,
                backoffMaxMillis,
                proposalMillis,
                zstdLevel,
                ackLingerMillis,
                segments,
                checkpoints,
                retention);
    }

    private static void require(boolean holds, String option, long found) {
        if (!holds) {
            throw new TidemarkException(ErrorKind.INVALID, "shipper option " + option + " cannot be " + found);
        }
    }
}
