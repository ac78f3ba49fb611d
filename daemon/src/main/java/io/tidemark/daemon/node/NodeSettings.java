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
        return EngineOptions.builder()
                .poolBytes(settings.get(Setting.POOL_BYTES))
                .walFileBytes(settings.get(Setting.WAL_FILE_BYTES))
                .redoBytesMax(settings.get(Setting.REDO_BYTES))
                .reserveBytes(settings.get(Setting.RESERVE_BYTES))
                .hotTierBytes(settings.get(Setting.HOT_TIER_BYTES))
                .build();
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
        return ShipperOptions.builder()
                .segmentBytes(settings.getInt(Setting.SEGMENT_BYTES))
                .segmentAgeMillis(settings.get(Setting.SEGMENT_AGE_MILLIS))
                .zstdLevel(settings.getInt(Setting.ZSTD_LEVEL))
                .ackLingerMillis(settings.get(Setting.S3_ACK_LINGER_MILLIS))
                .parallelSegments(settings.getInt(Setting.S3_PARALLEL_SEGMENTS))
                .checkpoints(CheckpointOptions.defaults()
                        .withLogBytes(settings.get(Setting.CHECKPOINT_LOG_BYTES))
                        .withKeepFreeBytes(keepFreeBytes()))
                .retention(new RetentionOptions(
                        settings.get(Setting.RETENTION_MILLIS),
                        settings.getInt(Setting.RETENTION_CHECKPOINTS),
                        settings.get(Setting.GC_GRACE_MILLIS),
                        settings.getInt(Setting.PACK_LIVE_MIN_PERCENT),
                        RetentionOptions.defaults().pollMillis()))
                .build();
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
                keepFreeBytes());
    }

    /** Of what others than the store may take of its disk: they stop well before writes are refused, and no sooner. */
    private long keepFreeBytes() {
        return 2 * settings.get(Setting.RESERVE_BYTES);
    }

    /** What is longer than time lasts counts as that; a negative one is refused by who wants it. */
    private long millis(Setting setting, TimeUnit unit) {
        return unit.toMillis(settings.get(setting));
    }
}
