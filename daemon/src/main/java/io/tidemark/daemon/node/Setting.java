package io.tidemark.daemon.node;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.util.Locale;

/** What may be set about a daemon: by {@code --set NAME=VALUE}, or in {@code tidemark.properties} of the cluster's directory. */
public enum Setting {
    POOL_BYTES("pool-bytes", 96L << 20, "memory for pages, off-heap"),
    WAL_FILE_BYTES("wal-file-bytes", 64L << 20, "a file of the engine's log is closed at this size"),
    REDO_BYTES("redo-bytes", 256L << 20, "redo after a crash is kept below about this much log"),
    RESERVE_BYTES("reserve-bytes", 256L << 20, "free disk below which clients' writes are refused"),
    BATCH_BYTES("batch-bytes", 1L << 20, "an entry is closed at this size"),
    BATCHES_IN_FLIGHT("batches-in-flight", 4, "entries proposed and not yet applied"),
    LAG_BYTES_SOFT("lag-bytes-soft", 1L << 30, "writes are slowed past so much that S3 does not have"),
    LAG_BYTES_HARD("lag-bytes-hard", 4L << 30, "writes are refused past so much"),
    LOG_ENTRIES_SOFT("log-entries-soft", 160_000, "writes are slowed past so many entries in the Raft log"),
    LOG_ENTRIES_HARD("log-entries-hard", 280_000, "writes are refused past so many; each takes some 300 B of heap"),
    SEGMENT_BYTES("segment-bytes", 8L << 20, "a segment is cut at this size"),
    SEGMENT_AGE_MILLIS("segment-age-millis", 1_000, "a client's entry waits no longer for its segment; milliseconds"),
    SESSION_IDLE_MILLIS(
            "session-idle-millis", 3_600_000, "a session unused for longer is ended; milliseconds, at least 120000"),
    S3_ATTEMPT_MILLIS("s3-attempt-millis", 10_000, "time for one request to S3; milliseconds"),
    S3_DEADLINE_MILLIS("s3-deadline-millis", 20_000, "time for a request with its retries; milliseconds");

    private final String key;
    private final long standard;
    private final String meaning;

    Setting(String key, long standard, String meaning) {
        this.key = key;
        this.standard = standard;
        this.meaning = meaning;
    }

    public String key() {
        return key;
    }

    public long standard() {
        return standard;
    }

    public String meaning() {
        return meaning;
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

    /** Reads a number, perhaps with KiB, MiB or GiB behind it. */
    public long parse(String text) {
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

    /** The value as people write it. */
    public String show(long value) {
        for (int shift = 30; shift >= 10; shift -= 10) {
            boolean whole = value != 0 && value % (1L << shift) == 0;
            if (key.contains("bytes") && whole) {
                return (value >> shift) + (shift == 30 ? "GiB" : shift == 20 ? "MiB" : "KiB");
            }
        }
        return Long.toString(value);
    }
}
