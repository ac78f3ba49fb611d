package io.tidemark.engine.txn;

import io.tidemark.engine.log.Version;
import java.nio.ByteBuffer;

/**
 * One transaction and its row in {@link #TREE}; applying thread only. Its undo rows are numbered from 1 to {@link #rows}
 * without a gap: they are consumed from the last one down.
 *
 * <pre>
 *   key     id 8
 *   value   0       1         9       13        21        29        37       45       53           61
 *           +-------+---------+-------+---------+---------+---------+--------+--------+------------+
 *           | phase | begun:  | begun:| timeout | used    | rows    | bytes  | target | savepoint  |
 *           |       | LSN     | index | millis  | millis  |         |        |        |            |
 *           +-------+---------+-------+---------+---------+---------+--------+--------+------------+
 * </pre>
 */
public final class Transaction {
    public static final String TREE = "sys.txn";

    private static final int ROW_BYTES = 61;
    private static final Phase[] PHASES = Phase.values();

    /** Where a transaction stands; the ordinal is part of the format. */
    public enum Phase {
        /** Takes commands of its owner. */
        OPEN,
        /** Its undo rows down to {@link #target} are being taken back. */
        ROLLING_BACK,
        /** Committed, for everybody; its undo rows, ghosts and marks are being cleaned up. */
        CLEANING
    }

    public final long id;
    public final Version begun;
    public final long timeoutMillis;

    public Phase phase = Phase.OPEN;

    /** Time of the log's clock at its last command. */
    public long usedMillis;

    /** Undo rows left. */
    public long rows;

    /** Bytes of the undo rows left, as the limit counts them. */
    public long bytes;

    /** The savepoint that a rollback goes back to, 0 for the beginning. */
    public long target;

    /** The last savepoint, 0 for none. */
    public long savepoint;

    public Transaction(long id, Version begun, long timeoutMillis) {
        this.id = id;
        this.begun = begun;
        this.timeoutMillis = timeoutMillis;
    }

    /** Whether it takes no command of its owner any more, and never will. */
    public boolean hasEnded() {
        return phase == Phase.CLEANING || (phase == Phase.ROLLING_BACK && target == 0);
    }

    /** Time of the log's clock from which on it may be expired. */
    public long deadlineMillis() {
        return usedMillis + timeoutMillis;
    }

    public static byte[] key(long id) {
        return ByteBuffer.allocate(Long.BYTES).putLong(id).array();
    }

    public byte[] row() {
        return ByteBuffer.allocate(ROW_BYTES)
                .put((byte) phase.ordinal())
                .putLong(begun.lsn())
                .putInt(begun.index())
                .putLong(timeoutMillis)
                .putLong(usedMillis)
                .putLong(rows)
                .putLong(bytes)
                .putLong(target)
                .putLong(savepoint)
                .array();
    }

    public static Transaction read(byte[] key, byte[] row) {
        ByteBuffer in = ByteBuffer.wrap(row);
        long id = ByteBuffer.wrap(key).getLong();
        int phase = in.get();
        if (row.length != ROW_BYTES || phase < 0 || phase >= PHASES.length) {
            throw new IllegalStateException(
                    "row of transaction " + id + " has " + row.length + " bytes and phase " + phase);
        }
        Transaction read = new Transaction(id, new Version(in.getLong(), in.getInt()), in.getLong());
        read.phase = PHASES[phase];
        read.usedMillis = in.getLong();
        read.rows = in.getLong();
        read.bytes = in.getLong();
        read.target = in.getLong();
        read.savepoint = in.getLong();
        return read;
    }
}
