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

    /** Redo chain after the entry, if still known. */
    OptionalLong chainAt(long lsn);
}
