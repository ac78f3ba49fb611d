package io.tidemark.daemon.node;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.util.List;
import java.util.Locale;

/**
 * What may be set about a daemon: by {@code --set NAME=VALUE}, by the environment ({@code s3-region} as {@code
 * TIDEMARK_S3_REGION}), or in {@code tidemark.properties} of the cluster's directory, the first of these first.
 */
public enum Setting {
    POOL_BYTES("pool-bytes", 96L << 20, "memory for pages, off-heap"),
    WAL_FILE_BYTES("wal-file-bytes", 64L << 20, "a file of the engine's log is closed at this size"),
    HOT_TIER_BYTES(
            "hot-tier-bytes",
            0,
            "pages kept on the local disk; others are in S3 alone, fetched when wanted; 0: all stay"),
    FILL_BYTES_PER_SECOND(
            "fill-bytes-per-second",
            32L << 20,
            "pages that a node without a disk began without come at this rate, on average at most; 0: no limit"),
    REDO_BYTES("redo-bytes", 256L << 20, "redo after a crash is kept below about this much log"),
    RESERVE_BYTES(
            "reserve-bytes",
            256L << 20,
            "free disk below which clients' writes are refused; with less than twice as much no checkpoint is made, and no"
                    + " segment copied"),
    BATCH_BYTES("batch-bytes", 1L << 20, "an entry is closed at this size"),
    BATCHES_IN_FLIGHT("batches-in-flight", 4, "entries proposed and not yet applied"),
    LAG_BYTES_SOFT("lag-bytes-soft", 1L << 30, "writes are slowed past so much that S3 does not have"),
    LAG_BYTES_HARD("lag-bytes-hard", 4L << 30, "writes are refused past so much"),
    LOG_ENTRIES_SOFT("log-entries-soft", 160_000, "writes are slowed past so many entries in the Raft log"),
    LOG_ENTRIES_HARD("log-entries-hard", 280_000, "writes are refused past so many; each takes some 300 B of heap"),
    SEGMENT_BYTES("segment-bytes", 8L << 20, "a segment is cut at this size"),
    SEGMENT_AGE_MILLIS("segment-age-millis", 1_000, "a client's entry waits no longer for its segment; milliseconds"),
    S3_ACK_LINGER_MILLIS("s3-ack-linger-millis", 20, "no longer, if a write waits for S3 (--ack s3); milliseconds"),
    DEFAULT_ACK(
            "default-ack",
            "quorum",
            "when a write is answered that does not say; s3: once S3 has it too",
            "quorum",
            "s3"),
    CHECKPOINT_LOG_BYTES(
            "checkpoint-log-bytes", 128L << 20, "S3 gets the changed pages once it has so much log above the last"),
    RETENTION_MILLIS("retention-millis", 0, "states of the past are kept so long; 0: for ever; milliseconds"),
    RETENTION_CHECKPOINTS("retention-checkpoints", 0, "so many checkpoints are kept, with all states since; 0: all"),
    GC_GRACE_MILLIS("gc-grace-millis", 86_400_000, "what is given up is removed from S3 so much later; milliseconds"),
    PACK_LIVE_MIN_PERCENT(
            "pack-live-min-percent", 50, "pages are packed anew when less of their pack is in use; 0: never"),
    ZSTD_LEVEL("zstd-level", 3, "compression of segments, -7 (fast) to 22 (small)"),
    SESSION_IDLE_MILLIS(
            "session-idle-millis", 3_600_000, "a session unused for longer is ended; milliseconds, at least 120000"),

    SEGMENT_CACHE_BYTES(
            "segment-cache-bytes", 1L << 30, "copies of log segments on a node's disk take no more; 0: none, no tiers"),
    TIER_WARM_HOURS("tier-warm-hours", 72, "a copy that nobody read for so long is WARM"),
    TIER_COLD_HOURS("tier-cold-hours", 168, "one that nobody read for so long goes, and S3 has the segment"),
    TIER_CHECK_MINUTES("tier-check-minutes", 60, "how often tiers are looked at; 0: only when asked to"),
    TIER_HOT_READS("tier-hot-reads", 100, "a segment read so often, and at the next rate, is HOT whatever its age"),
    TIER_HOT_READS_PER_HOUR("tier-hot-reads-per-hour", 10, "that rate"),

    S3_REGION("s3-region", "", "region of the bucket; else AWS_REGION, else us-east-1"),
    S3_ENDPOINT("s3-endpoint", "", "URL of the S3 service, instead of that of cluster.json"),
    S3_PATH_STYLE(
            "s3-path-style",
            "auto",
            "bucket in the path, not in the host's name; auto: if there is an endpoint",
            "auto",
            "true",
            "false"),
    S3_ACCESS_KEY_ID("s3-access-key-id", "", "static credentials, with the next; else as the AWS SDK finds them"),
    S3_SECRET_ACCESS_KEY("s3-secret-access-key", "", "never shown; the environment keeps it off the command line"),
    S3_PROFILE("s3-profile", "", "profile of ~/.aws instead"),
    S3_CONNECTIONS("s3-connections", 16, "connections to S3 at most"),
    S3_CONNECT_MILLIS("s3-connect-millis", 2_000, "time to open a connection; milliseconds"),
    S3_ATTEMPT_MILLIS("s3-attempt-millis", 10_000, "time for one request to S3, without its body; milliseconds"),
    S3_SLOWEST_BYTES_PER_SECOND(
            "s3-slowest-bytes-per-second", 1L << 20, "a body has as much more time as it takes at this rate"),
    S3_DEADLINE_MILLIS("s3-deadline-millis", 20_000, "time for a request with its retries; milliseconds"),
    S3_BACKOFF_FIRST_MILLIS("s3-backoff-first-millis", 50, "the first retry comes within this time; milliseconds"),
    S3_BACKOFF_MAX_MILLIS("s3-backoff-max-millis", 2_000, "each next one within twice that, up to this; milliseconds"),
    S3_CHECKSUM("s3-checksum", "md5", "sent with each body, checked by the server", "md5", "crc32c", "sha256"),
    S3_SSE(
            "s3-sse",
            "bucket",
            "encryption at rest by the server; bucket: as the bucket says",
            "bucket",
            "aes256",
            "kms",
            "kms-dsse"),
    S3_SSE_KMS_KEY_ID("s3-sse-kms-key-id", "", "its KMS key; else the account's own"),
    S3_PROVE_CONDITIONS(
            "s3-prove-conditions",
            "true",
            "whether the server is asked first if it refuses to overwrite",
            "true",
            "false"),
    S3_ENCRYPTION_KEY_FILE("s3-encryption-key-file", "", "file of keys: objects are encrypted before they leave"),
    S3_ENCRYPTION_KEY_COMMAND("s3-encryption-key-command", "", "shell command that prints the keys instead"),
    S3_ENCRYPTION_ACCEPT_PLAIN(
            "s3-encryption-accept-plain", "false", "with keys, read objects from before as well", "true", "false"),
    S3_MULTIPART_BYTES("s3-multipart-bytes", 64L << 20, "an object so large goes in parts"),
    S3_PART_BYTES("s3-part-bytes", 16L << 20, "of one part, 5 MiB to 1 GiB"),
    S3_PARALLEL_SEGMENTS("s3-parallel-segments", 3, "full segments under way at once, each in memory; 1 to 64"),
    S3_PARALLEL_PARTS("s3-parallel-parts", 4, "parts of one object under way at once"),
    S3_UPLOAD_BYTES_PER_SECOND("s3-upload-bytes-per-second", 0, "average at most; 0: no limit"),
    S3_DOWNLOAD_BYTES_PER_SECOND("s3-download-bytes-per-second", 0, "average at most; 0: no limit"),
    S3_STALE_UPLOAD_HOURS("s3-stale-upload-hours", 24, "an upload in parts left so long is given up");

    private final String key;
    private final boolean number;
    private final String standard;
    private final String meaning;
    private final List<String> choices;

    Setting(String key, long standard, String meaning) {
        this.key = key;
        this.number = true;
        this.standard = Long.toString(standard);
        this.meaning = meaning;
        this.choices = List.of();
    }

    Setting(String key, String standard, String meaning, String... choices) {
        this.key = key;
        this.number = false;
        this.standard = standard;
        this.meaning = meaning;
        this.choices = List.of(choices);
    }

    public String key() {
        return key;
    }

    /** The name of its environment variable. */
    public String variable() {
        return "TIDEMARK_" + key.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /** As a daemon has it without being told: a plain number, or text, empty for none. */
    public String standard() {
        return standard;
    }

    public String meaning() {
        return choices.isEmpty() || isFlag() ? meaning : meaning + ": " + String.join(", ", choices);
    }

    boolean isNumber() {
        return number;
    }

    /** Never to be shown. */
    public boolean isSecret() {
        return this == S3_SECRET_ACCESS_KEY;
    }

    private boolean isFlag() {
        return choices.size() == 2 && choices.contains("true");
    }

    /** The setting of this name; {@code INVALID} says where the names are listed. */
    public static Setting of(String key) {
        for (Setting setting : values()) {
            if (setting.key.equals(key)) {
                return setting;
            }
        }
        throw new TidemarkException(
                ErrorKind.INVALID, "there is no setting '" + key + "'; 'tidemark daemon --help' lists them");
    }

    /** Reads a value as people write it: a number perhaps with KiB, MiB or GiB behind it, or text. */
    public String parse(String text) {
        if (number) {
            return Long.toString(number(text));
        }
        String value = text.strip();
        if (!choices.isEmpty() && !choices.contains(value.toLowerCase(Locale.ROOT))) {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    "setting " + key + " is one of " + String.join(", ", choices) + ", not '" + text + "'");
        }
        return choices.isEmpty() ? value : value.toLowerCase(Locale.ROOT);
    }

    private long number(String text) {
        String trimmed = text.trim().toLowerCase(Locale.ROOT);
        int shift = trimmed.endsWith("kib") ? 10 : trimmed.endsWith("mib") ? 20 : trimmed.endsWith("gib") ? 30 : 0;
        String digits = shift == 0
                ? trimmed
                : trimmed.substring(0, trimmed.length() - 3).trim();
        try {
            return Math.multiplyExact(Long.parseLong(digits), 1L << shift);
        } catch (ArithmeticException | NumberFormatException e) {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    "setting " + key + " is a number, perhaps with KiB, MiB or GiB behind it, not '" + text + "'",
                    e);
        }
    }

    /** A parsed value as people write it. */
    public String show(String value) {
        if (!number || !key.contains("bytes")) {
            return value;
        }
        long bytes = Long.parseLong(value);
        for (int shift = 30; shift >= 10; shift -= 10) {
            if (bytes != 0 && bytes % (1L << shift) == 0) {
                return (bytes >> shift) + (shift == 30 ? "GiB" : shift == 20 ? "MiB" : "KiB");
            }
        }
        return value;
    }
}
