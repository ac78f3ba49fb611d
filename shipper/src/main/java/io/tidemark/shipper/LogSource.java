package io.tidemark.shipper;

import io.tidemark.engine.log.LogEntry;
import java.util.Optional;
import java.util.OptionalLong;

/** Where the shipper reads committed entries; the Raft log in a cluster. Thread-safe. */
public interface LogSource {
    /** Every entry up to here is committed and applied on this node. */
    long lastShippable();

    /** The entry, or empty when the log no longer holds it. */
    Optional<LogEntry> entry(long lsn);

    /** The greatest LSN that somebody waits for to be in S3; -1 when nobody ever did (rule M6). */
    default long wantedInS3() {
        return -1;
    }

    /** Redo chain after the entry, if still known. */
    OptionalLong chainAt(long lsn);
}
