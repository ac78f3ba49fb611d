package io.tidemark.engine.standalone;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.util.function.LongSupplier;

/**
 * Refuses writes before the disk is full, so that what has been admitted, rollbacks and the store's own work find room.
 * Asks the disk again after some MiB, and at each write while it is short. Thread-safe.
 */
final class DiskReserve {
    /** What a small write costs on disk beside its bytes: log, pages, undo. */
    private static final long WRITE_BYTES = 512;

    private static final long BETWEEN_BYTES_MAX = 4 << 20;

    private final long reserveBytes;
    private final LongSupplier usableBytes;
    private final long betweenBytes;
    private long left;

    /**
     * @param reserveBytes that stay free, 0 for no limit
     * @param usableBytes what can still be written
     */
    DiskReserve(long reserveBytes, LongSupplier usableBytes) {
        this.reserveBytes = reserveBytes;
        this.usableBytes = usableBytes;
        this.betweenBytes = Math.min(BETWEEN_BYTES_MAX, reserveBytes / 8);
    }

    /** {@code UNAVAILABLE} when the write would take from the reserve; reads go on, and so do rollbacks and commits. */
    synchronized void admit(long bytes) {
        left -= bytes + WRITE_BYTES;
        if (reserveBytes == 0 || left > 0) {
            return;
        }
        long usable = usableBytes.getAsLong();
        if (usable - bytes < reserveBytes) {
            throw new TidemarkException(
                    ErrorKind.UNAVAILABLE,
                    "the disk has " + usable + " bytes left and " + reserveBytes
                            + " are kept in reserve: nothing was written; free some, reads go on");
        }
        left = betweenBytes;
    }
}
