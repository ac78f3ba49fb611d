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
        return new ShipperOptions(
                8 << 20,
                1_000,
                50,
                100,
                5_000,
                30_000,
                SegmentWriter.ZSTD_LEVEL,
                ACK_LINGER_MILLIS,
                PARALLEL_SEGMENTS,
                CheckpointOptions.defaults(),
                RetentionOptions.defaults());
    }

    /** The defaults, to be changed. */
    public static Builder builder() {
        return new Builder(defaults());
    }

    /** These options, to be changed. */
    public Builder toBuilder() {
        return new Builder(this);
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

    private static void require(boolean holds, String option, long found) {
        if (!holds) {
            throw new TidemarkException(ErrorKind.INVALID, "shipper option " + option + " cannot be " + found);
        }
    }

    /** Options under way; {@link #build} checks them. What each means says the record. Not thread-safe. */
    public static final class Builder {
        private int segmentBytes;
        private long segmentAgeMillis;
        private long pollMillis;
        private long backoffFirstMillis;
        private long backoffMaxMillis;
        private long proposalMillis;
        private int zstdLevel;
        private long ackLingerMillis;
        private int parallelSegments;
        private CheckpointOptions checkpoints;
        private RetentionOptions retention;

        private Builder(ShipperOptions from) {
            segmentBytes = from.segmentBytes;
            segmentAgeMillis = from.segmentAgeMillis;
            pollMillis = from.pollMillis;
            backoffFirstMillis = from.backoffFirstMillis;
            backoffMaxMillis = from.backoffMaxMillis;
            proposalMillis = from.proposalMillis;
            zstdLevel = from.zstdLevel;
            ackLingerMillis = from.ackLingerMillis;
            parallelSegments = from.parallelSegments;
            checkpoints = from.checkpoints;
            retention = from.retention;
        }

        public Builder segmentBytes(int value) {
            segmentBytes = value;
            return this;
        }

        public Builder segmentAgeMillis(long value) {
            segmentAgeMillis = value;
            return this;
        }

        public Builder pollMillis(long value) {
            pollMillis = value;
            return this;
        }

        public Builder backoffFirstMillis(long value) {
            backoffFirstMillis = value;
            return this;
        }

        public Builder backoffMaxMillis(long value) {
            backoffMaxMillis = value;
            return this;
        }

        public Builder proposalMillis(long value) {
            proposalMillis = value;
            return this;
        }

        public Builder zstdLevel(int value) {
            zstdLevel = value;
            return this;
        }

        public Builder ackLingerMillis(long value) {
            ackLingerMillis = value;
            return this;
        }

        public Builder parallelSegments(int value) {
            parallelSegments = value;
            return this;
        }

        public Builder checkpoints(CheckpointOptions value) {
            checkpoints = value;
            return this;
        }

        public Builder retention(RetentionOptions value) {
            retention = value;
            return this;
        }

        /** @throws TidemarkException INVALID, naming the option that cannot be so */
        public ShipperOptions build() {
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
                    retention);
        }
    }
}
