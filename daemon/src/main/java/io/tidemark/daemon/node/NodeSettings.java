package io.tidemark.daemon.node;

import io.tidemark.engine.EngineOptions;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.raft.NodeOptions;
import io.tidemark.raft.batch.AdmissionLimits;
import io.tidemark.raft.batch.BatchOptions;
import io.tidemark.shipper.ShipperOptions;
import io.tidemark.shipper.checkpoint.CheckpointOptions;
import io.tidemark.shipper.retention.RetentionOptions;
import io.tidemark.shipper.tier.TierOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What the settings mean to each room. */
final class NodeSettings {
    private final Settings settings;

    NodeSettings(Settings settings) {
        this.settings = settings;
    }

    EngineOptions engine() {
        EngineOptions standard = EngineOptions.defaults();
        return new EngineOptions(
                        standard.pageBytes(),
                        standard.maxEntryPages(),
                        settings.get(Setting.POOL_BYTES),
                        settings.get(Setting.WAL_FILE_BYTES),
                        settings.get(Setting.REDO_BYTES),
                        standard.flushBatchPages(),
                        settings.get(Setting.RESERVE_BYTES),
                        true)
                .withHotTier(settings.get(Setting.HOT_TIER_BYTES));
    }

    long fillBytesPerSecond() {
        return settings.get(Setting.FILL_BYTES_PER_SECOND);
    }

    BatchOptions batch() {
        BatchOptions standard = BatchOptions.over(engine());
        return new BatchOptions(
                settings.getInt(Setting.BATCH_BYTES),
                standard.entryPages(),
                standard.pageBytes(),
                settings.getInt(Setting.BATCHES_IN_FLIGHT),
                standard.bytesInFlight(),
                standard.queuedBytes(),
                standard.lingerMillis());
    }

    AdmissionLimits limits() {
        return new AdmissionLimits(
                settings.get(Setting.LAG_BYTES_SOFT),
                settings.get(Setting.LAG_BYTES_HARD),
                settings.get(Setting.LOG_ENTRIES_SOFT),
                settings.get(Setting.LOG_ENTRIES_HARD),
                settings.get(Setting.RESERVE_BYTES));
    }

    Duration sessionIdle() {
        Duration idle = Duration.ofMillis(settings.get(Setting.SESSION_IDLE_MILLIS));
        if (idle.compareTo(NodeOptions.SESSION_IDLE_MIN) < 0) {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    "setting " + Setting.SESSION_IDLE_MILLIS.key() + " is at least "
                            + NodeOptions.SESSION_IDLE_MIN.toMillis() + ", not " + idle.toMillis()
                            + ": clients still use sessions that have been idle for a minute");
        }
        return idle;
    }

    ShipperOptions shipper() {
        return ShipperOptions.defaults()
                .withSegment(settings.getInt(Setting.SEGMENT_BYTES), settings.get(Setting.SEGMENT_AGE_MILLIS))
                .withZstdLevel(settings.getInt(Setting.ZSTD_LEVEL))
                .withAckLinger(settings.get(Setting.S3_ACK_LINGER_MILLIS))
                .withParallelSegments(settings.getInt(Setting.S3_PARALLEL_SEGMENTS))
                .withCheckpoints(CheckpointOptions.defaults().withLogBytes(settings.get(Setting.CHECKPOINT_LOG_BYTES)))
                .withRetention(new RetentionOptions(
                        settings.get(Setting.RETENTION_MILLIS),
                        settings.getInt(Setting.RETENTION_CHECKPOINTS),
                        settings.get(Setting.GC_GRACE_MILLIS),
                        settings.getInt(Setting.PACK_LIVE_MIN_PERCENT),
                        RetentionOptions.defaults().pollMillis()));
    }

    /** Whether writes that do not say are answered once S3 has them (rule M6). */
    boolean acknowledgesInS3() {
        return settings.text(Setting.DEFAULT_ACK).equals("s3");
    }

    TierOptions tiers() {
        return new TierOptions(
                settings.get(Setting.SEGMENT_CACHE_BYTES),
                millis(Setting.TIER_WARM_HOURS, TimeUnit.HOURS),
                millis(Setting.TIER_COLD_HOURS, TimeUnit.HOURS),
                millis(Setting.TIER_CHECK_MINUTES, TimeUnit.MINUTES),
                settings.get(Setting.TIER_HOT_READS),
                settings.get(Setting.TIER_HOT_READS_PER_HOUR),
                2 * settings.get(Setting.RESERVE_BYTES));
    }

    /** What is longer than time lasts counts as that; a negative one is refused by who wants it. */
    private long millis(Setting setting, TimeUnit unit) {
        return unit.toMillis(settings.get(setting));
    }
}
