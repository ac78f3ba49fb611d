package io.tidemark.shipper;

import io.tidemark.engine.log.EntryCodec;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;

/** Tells what the log writes about itself from what clients asked for (rule M3). */
public final class Bookkeeping {
    /** Entries of the cluster's own commands are far smaller; a larger one is a client's without a look inside. */
    private static final int BYTES_MAX = 8 << 10;

    private Bookkeeping() {}

    public static boolean holds(LogEntry entry) {
        if (entry.kind() != EntryKind.COMMANDS) {
            return true;
        }
        return entry.payload().length <= BYTES_MAX
                && EntryCodec.decode(entry.payload()).isBookkeeping();
    }
}
