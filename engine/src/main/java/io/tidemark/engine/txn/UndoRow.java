package io.tidemark.engine.txn;

import io.tidemark.engine.log.Version;
import io.tidemark.engine.page.Cell;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One row of {@link #TREE}: what a transaction has to give back. Big-endian. The key begins with the transaction, so that
 * the rows of one lie together.
 *
 * <pre>
 *   key      transaction 8 | sequence 8
 *   value    kind 1 | flags 1 | body by kind
 *   was      version: LSN 8 | index 4 | if OWN: first 8, earlier 8 | name | bytes | the value, or where it is
 *   absent   name | bytes
 *   key      name | bytes
 *   range    name | if HAS_FROM: bytes | if HAS_TO: bytes
 *   point    nothing
 *   name     length 1 | UTF-8           bytes   length 2 | bytes
 * </pre>
 *
 * <p>A large value is not copied: the row takes over the pages of the record (TAKEN, rule T3), and its own record has the
 * reference behind this head. A row that is too large with its value has pages of its own.
 *
 * @param kind what it is
 * @param flags TAKEN, OWN, GHOST, HAS_FROM, HAS_TO
 * @param version of the record that was; {@link Version#NONE} with other kinds
 * @param first with OWN: sequence of the transaction's first before-image of the key, which is in the record's mark
 * @param earlier with OWN: sequence of its before-image before this one
 * @param keyspace empty for a savepoint
 * @param key key, or first key of a range; null when there is none
 * @param to end of a range; null when there is none
 */
public record UndoRow(
        Kind kind, int flags, Version version, long first, long earlier, String keyspace, byte[] key, byte[] to) {
    public static final String TREE = "sys.undo";

    /** The record's large value is this row's now. */
    public static final int TAKEN = 1;

    /** The record was a change of the same transaction already. */
    public static final int OWN = 2;

    /** With {@link #OWN}: the record was a ghost. */
    public static final int GHOST = 4;

    private static final int HAS_FROM = 8;
    private static final int HAS_TO = 16;

    /** What a row costs beside its bytes: slot, header and key, and the lock in memory. */
    private static final int ROW_BYTES = 64;

    private static final Kind[] KINDS = Kind.values();

    /** The ordinal is part of the format. */
    public enum Kind {
        /** There was a record: it comes back. */
        WAS,
        /** There was none. */
        ABSENT,
        /** The key was locked and not changed. */
        KEY,
        /** A range was locked. */
        RANGE,
        /** A savepoint. */
        POINT
    }

    /** The before-image of a record, null for none; {@code earlier} is 0 unless the record is the transaction's own. */
    public static UndoRow before(String keyspace, byte[] key, Cell record, long transaction, long earlier) {
        boolean own = record != null && record.transaction() == transaction;
        if (record == null || (record.isGhost() && !own)) {
            return new UndoRow(Kind.ABSENT, 0, Version.NONE, 0, 0, keyspace, key, null);
        }
        int flags = (record.isOverflow() ? TAKEN : 0) | (own ? OWN : 0) | (record.isGhost() ? GHOST : 0);
        return new UndoRow(
                Kind.WAS, flags, record.version(), own ? record.sequence() : 0, own ? earlier : 0, keyspace, key, null);
    }

    public static UndoRow keyLock(String keyspace, byte[] key) {
        return new UndoRow(Kind.KEY, 0, Version.NONE, 0, 0, keyspace, key, null);
    }

    public static UndoRow rangeLock(String keyspace, byte[] from, byte[] to) {
        int flags = (from == null ? 0 : HAS_FROM) | (to == null ? 0 : HAS_TO);
        return new UndoRow(Kind.RANGE, flags, Version.NONE, 0, 0, keyspace, from, to);
    }

    public static UndoRow savepoint() {
        return new UndoRow(Kind.POINT, 0, Version.NONE, 0, 0, "", null, null);
    }

    public static byte[] key(long transaction, long sequence) {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(transaction)
                .putLong(sequence)
                .array();
    }

    /** Whether the record of {@link #key} was changed, and is to be restored. */
    public boolean isImage() {
        return kind == Kind.WAS || kind == Kind.ABSENT;
    }

    public boolean isTaken() {
        return (flags & TAKEN) != 0;
    }

    public boolean isOwn() {
        return (flags & OWN) != 0;
    }

    public boolean wasGhost() {
        return (flags & GHOST) != 0;
    }

    /** What a row of this head counts against the limit of its transaction. */
    public static long bytes(int headBytes, Cell record) {
        if (record == null) {
            return ROW_BYTES + headBytes;
        }
        return ROW_BYTES + headBytes + (record.isOverflow() ? record.reference().length() : record.content().length);
    }

    /** The bytes before the value. */
    public byte[] head() {
        byte[] name = keyspace.getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(headBytes(name.length));
        out.put((byte) kind.ordinal()).put((byte) flags);
        if (kind == Kind.WAS) {
            out.putLong(version.lsn()).putInt(version.index());
            if (isOwn()) {
                out.putLong(first).putLong(earlier);
            }
        }
        if (kind != Kind.POINT) {
            out.put((byte) name.length).put(name);
            putBytes(key, out);
            putBytes(to, out);
        }
        return out.array();
    }

    private int headBytes(int nameBytes) {
        int bytes = 2;
        if (kind == Kind.WAS) {
            bytes += 12 + (isOwn() ? 16 : 0);
        }
        if (kind != Kind.POINT) {
            bytes += 1 + nameBytes + (key == null ? 0 : 2 + key.length) + (to == null ? 0 : 2 + to.length);
        }
        return bytes;
    }

    private static void putBytes(byte[] bytes, ByteBuffer out) {
        if (bytes != null) {
            out.putShort((short) bytes.length).put(bytes);
        }
    }

    /** Reads the head of a row. */
    public static UndoRow of(Cell row) {
        ByteBuffer in = ByteBuffer.wrap(row.content());
        int kind = in.get();
        if (kind < 0 || kind >= KINDS.length) {
            throw new IllegalStateException("undo row of kind " + kind);
        }
        return of(KINDS[kind], in.get(), in);
    }

    private static UndoRow of(Kind kind, int flags, ByteBuffer in) {
        Version version = kind == Kind.WAS ? new Version(in.getLong(), in.getInt()) : Version.NONE;
        boolean own = (flags & OWN) != 0;
        long first = own ? in.getLong() : 0;
        long earlier = own ? in.getLong() : 0;
        if (kind == Kind.POINT) {
            return new UndoRow(kind, flags, version, first, earlier, "", null, null);
        }
        byte[] name = new byte[Byte.toUnsignedInt(in.get())];
        in.get(name);
        boolean hasKey = kind != Kind.RANGE || (flags & HAS_FROM) != 0;
        byte[] key = hasKey ? getBytes(in) : null;
        byte[] to = (flags & HAS_TO) != 0 ? getBytes(in) : null;
        return new UndoRow(kind, flags, version, first, earlier, new String(name, StandardCharsets.UTF_8), key, to);
    }

    private static byte[] getBytes(ByteBuffer in) {
        byte[] bytes = new byte[Short.toUnsignedInt(in.getShort())];
        in.get(bytes);
        return bytes;
    }

    /** What stands behind the head of a row: the value, or where it is. */
    public byte[] rest(Cell row) {
        int head = headBytes(keyspace.getBytes(StandardCharsets.UTF_8).length);
        return Arrays.copyOfRange(row.content(), head, row.content().length);
    }
}
