package io.tidemark.engine.log;

import java.util.Arrays;

/**
 * One entry of the agreed log, as Raft commits it, a segment holds it and the engine applies it.
 *
 * @param lsn its place in the log; the Raft log index, starting at 0
 * @param term the leader's term that appended it
 * @param kind how to read {@code payload}
 * @param payload for {@link EntryKind#COMMANDS} an {@link Entry} in its {@link EntryCodec} form; never changed by anyone
 */
public record LogEntry(long lsn, long term, EntryKind kind, byte[] payload) {
    @Override
    public boolean equals(Object other) {
        return other instanceof LogEntry e
                && lsn == e.lsn
                && term == e.term
                && kind == e.kind
                && Arrays.equals(payload, e.payload);
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(lsn) + Arrays.hashCode(payload);
    }

    @Override
    public String toString() {
        return kind + "@(" + term + ", " + lsn + ") " + payload.length + " B";
    }
}
