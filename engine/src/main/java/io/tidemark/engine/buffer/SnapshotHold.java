package io.tidemark.engine.buffer;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;

/**
 * The pool's side of an open snapshot: keeps every version that is valid at its LSN. The list is guarded by the pool.
 */
public final class SnapshotHold {
    private enum End {
        CLOSED,
        TOO_OLD
    }

    final long lsn;

    /** Versions that this is the newest snapshot to need. */
    Frame versions;

    /** Takes versions that memory has no room for; null where the snapshot ends instead. */
    final VersionSpill spill;

    private final int versionsMax;
    private volatile End end;

    SnapshotHold(long lsn, int versionsMax, VersionSpill spill) {
        this.lsn = lsn;
        this.versionsMax = versionsMax;
        this.spill = spill;
    }

    public long lsn() {
        return lsn;
    }

    void closed() {
        if (end == null) {
            end = End.CLOSED;
        }
    }

    void tooOld() {
        end = End.TOO_OLD;
    }

    boolean isOpen() {
        return end == null;
    }

    /** {@code SNAPSHOT_TOO_OLD} or {@code INVALID} when the snapshot has ended. */
    public void requireOpen() {
        if (end == End.TOO_OLD) {
            throw new TidemarkException(
                    ErrorKind.SNAPSHOT_TOO_OLD,
                    "the snapshot of LSN " + lsn
                            + " needs more old page versions than the option snapshotBytes has room" + " for ("
                            + versionsMax + " pages in all); open a new one, or raise snapshotBytes");
        }
        if (end == End.CLOSED) {
            throw new TidemarkException(ErrorKind.INVALID, "the snapshot of LSN " + lsn + " is closed; open a new one");
        }
    }

    /** Whether a version that is valid at this LSN must stay in memory. */
    boolean needs(Frame version) {
        return spill == null || spill.wants(version);
    }

    void add(Frame version) {
        version.listNext = versions;
        versions = version;
    }
}
