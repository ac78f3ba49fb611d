package io.tidemark.engine.store;

import java.nio.ByteBuffer;

/**
 * The bytes of the page table. Big-endian.
 *
 * <pre>
 * row: key = page id (8)
 *  0         8          16      20      24
 *  +---------+----------+-------+-------+
 *  | slot    | page LSN |CRC32C |check  |      slot -1: EVICTED; CRC32C: of the page; check: low half of the row's hash
 *  +---------+----------+-------+-------+
 *
 * state: one value
 *  0       4       8           16        24       32        40        48       56
 *  +-------+-------+-----------+---------+--------+---------+---------+--------+
 *  | TMPT  |version| redo start| applied | term   | chain   | rows    | digest |
 *  +-------+-------+-----------+---------+--------+---------+---------+--------+
 * </pre>
 *
 * The digest is the sum, modulo 2^64, of the hashes of all rows and of the five numbers before it: a row that is lost,
 * doubled or changed, or a state that is, does not add up (rule P3). It guards against rot, not against forgery.
 */
final class PageTableFormat {
    static final int MAGIC = 0x544D5054;
    static final int VERSION = 1;
    static final int ROW_BYTES = 24;
    static final int STATE_BYTES = 56;

    private PageTableFormat() {}

    /** @param rowsDigest sum of the hashes of all rows */
    record State(CheckpointRecord checkpoint, long rows, long rowsDigest) {
        static final State EMPTY = new State(CheckpointRecord.EMPTY, 0, 0);

        /** After {@code row} took the place of {@code before} (null: it is new). */
        State with(PageTable.Row before, PageTable.Row row) {
            return before == null
                    ? new State(checkpoint, rows + 1, rowsDigest + hash(row))
                    : new State(checkpoint, rows, rowsDigest - hash(before) + hash(row));
        }

        State with(CheckpointRecord moved) {
            return new State(moved, rows, rowsDigest);
        }

        private long digest() {
            long own = mix(checkpoint.redoStart() + 1);
            own = mix(own ^ checkpoint.applied());
            own = mix(own ^ checkpoint.term());
            own = mix(own ^ checkpoint.chain());
            return mix(own ^ rows) + rowsDigest;
        }
    }

    static byte[] encode(State state) {
        return ByteBuffer.allocate(STATE_BYTES)
                .putInt(MAGIC)
                .putInt(VERSION)
                .putLong(state.checkpoint.redoStart())
                .putLong(state.checkpoint.applied())
                .putLong(state.checkpoint.term())
                .putLong(state.checkpoint.chain())
                .putLong(state.rows)
                .putLong(state.digest())
                .array();
    }

    /**
     * The state in {@code bytes}, if the rows that were found add up with it.
     *
     * @throws IllegalArgumentException with what was expected and found
     */
    static State decodeState(byte[] bytes, long rowsFound, long rowsDigestFound) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (bytes.length != STATE_BYTES || in.getInt() != MAGIC || in.getInt() != VERSION) {
            throw new IllegalArgumentException("the state is not " + STATE_BYTES + " bytes of format " + VERSION);
        }
        CheckpointRecord checkpoint = new CheckpointRecord(in.getLong(), in.getLong(), in.getLong(), in.getLong());
        long rows = in.getLong();
        long digest = in.getLong();
        State found = new State(checkpoint, rowsFound, rowsDigestFound);
        if (rows != rowsFound || digest != found.digest()) {
            throw new IllegalArgumentException(String.format(
                    "%d rows with digest %016x expected, %d with %016x found",
                    rows, digest, rowsFound, found.digest()));
        }
        return found;
    }

    static byte[] encode(PageTable.Row row) {
        return ByteBuffer.allocate(ROW_BYTES)
                .putLong(row.slot())
                .putLong(row.pageLsn())
                .putInt(row.crc())
                .putInt((int) hash(row))
                .array();
    }

    /** @throws IllegalArgumentException with what was expected and found */
    static PageTable.Row decodeRow(long pageId, byte[] bytes) {
        if (bytes.length != ROW_BYTES) {
            throw new IllegalArgumentException(
                    "the row of page " + pageId + " has " + bytes.length + " bytes, not " + ROW_BYTES);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        PageTable.Row row = new PageTable.Row(pageId, in.getLong(), in.getLong(), in.getInt());
        int check = in.getInt();
        if (check != (int) hash(row)) {
            throw new IllegalArgumentException(
                    String.format("the check of %s is %08x, %08x found", row, (int) hash(row), check));
        }
        return row;
    }

    static byte[] key(long pageId) {
        return ByteBuffer.allocate(8).putLong(pageId).array();
    }

    /** A 64-bit hash in which every bit of the row counts. */
    static long hash(PageTable.Row row) {
        long hash = mix(row.pageId() + 0x9E3779B97F4A7C15L);
        hash = mix(hash ^ row.slot());
        hash = mix(hash ^ row.pageLsn());
        return mix(hash ^ row.crc());
    }

    /** The finalizer of SplitMix64: a bijection that spreads every bit. */
    private static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
