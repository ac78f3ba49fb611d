package io.tidemark.recovery;

import io.tidemark.engine.log.EntryCodec;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;

/** Looks for the first entry that was made after a time. Used by one thread. */
final class EntryAfter {
    private final long millis;
    private long found = -1;
    private boolean timed;

    EntryAfter(long millis) {
        this.millis = millis;
    }

    /** Shown the entries in order. */
    void look(LogEntry entry) {
        if (found >= 0 || entry.kind() != EntryKind.COMMANDS) {
            return;
        }
        if (EntryCodec.decode(entry.payload()).timeMillis() > millis) {
            found = entry.lsn();
        } else {
            timed = true;
        }
    }

    /** Its LSN, -1 while there is none. */
    long found() {
        return found;
    }

    /** Whether an entry with a time came before it. */
    boolean timed() {
        return timed;
    }
}
