package io.tidemark.engine.page;

import io.tidemark.engine.log.Version;
import java.nio.ByteBuffer;

/**
 * A key, its version and its value (or where that is) in a leaf; big-endian.
 *
 * <pre>
 *   0   1       3                              11              15
 *   +---+-------+-------------------------------+---------------+- - - - - - - - - - -+---- - -+------- - -
 *   |flg|key len|         version: LSN          | version: index| transaction, undo   | key    | value
 *   +---+-------+-------------------------------+---------------+ sequence: 8 + 8     +---- - -+------- - -
 *                                                               +- - - - - - - - - - -+
 *   flags: 1 GHOST, 2 OVERFLOW, 4 HAS_TXN (only then the 16 bytes are there; rule P8)
 *
 *   in place of the value with OVERFLOW, behind whatever the record's owner says of it (nothing in users' trees):
 *   +-------------------------------+-------------------------------+---------------+---------------+
 *   |        first page id          |         last page id          |    length     |    CRC32C     |
 *   +-------------------------------+-------------------------------+---------------+---------------+
 * </pre>
 *
 * <p>What transaction and ghost mean is said by rule T1.
 */
public final class LeafRecord {
    public static final int GHOST = 1;
    public static final int OVERFLOW = 2;
    public static final int HAS_TXN = 4;

    static final int KEY_LENGTH_AT = 1;
    static final int VERSION_AT = 3;
    static final int HEADER_BYTES = 15;
    static final int TXN_BYTES = 16;
    static final int REFERENCE_BYTES = 24;

    /** Where a large value is: its first and last page, its length in bytes and its CRC32C. */
    public record Reference(long firstPage, long lastPage, int length, int crc) {}

    private LeafRecord() {}

    /**
     * Greatest key that trees of this page size take: 2 KiB, and no more than makes a record of a third of a page. (A
     * split halves the bytes of page and new record; with records of up to a third, both halves fit whatever they are.)
     */
    public static int keyBytesMax(int pageBytes) {
        int third = SlottedPage.room(pageBytes) / 3 - SlottedPage.SLOT_BYTES;
        return Math.min(2048, third - HEADER_BYTES - TXN_BYTES - REFERENCE_BYTES);
    }

    /**
     * Whether a value of this length goes to overflow pages: the record would exceed a quarter of the page, and the
     * reference is shorter than the value.
     */
    public static boolean overflows(int pageBytes, int keyLength, long valueLength) {
        return HEADER_BYTES + keyLength + valueLength > pageBytes / 4 && valueLength > REFERENCE_BYTES;
    }

    /** Appends a record with the value inline. */
    public static void write(RedoBuffer target, Version version, byte[] key, byte[] value) {
        writeHead(target, 0, version, key);
        target.putBytes(value, 0, value.length);
    }

    /** Appends a record whose value is elsewhere. */
    public static void write(RedoBuffer target, Version version, byte[] key, Reference reference) {
        writeHead(target, OVERFLOW, version, key);
        target.putLong(reference.firstPage());
        target.putLong(reference.lastPage());
        target.putInt(reference.length());
        target.putInt(reference.crc());
    }

    /** A reference as it stands in a record, behind {@code head}. */
    public static byte[] referring(byte[] head, Reference reference) {
        return ByteBuffer.allocate(head.length + REFERENCE_BYTES)
                .put(head)
                .putLong(reference.firstPage())
                .putLong(reference.lastPage())
                .putInt(reference.length())
                .putInt(reference.crc())
                .array();
    }

    /** Appends a record that was one before, or has been put together elsewhere. */
    public static void write(RedoBuffer target, byte[] key, Cell cell) {
        writeHead(target, cell.flags(), cell.version(), key.length);
        if ((cell.flags() & HAS_TXN) != 0) {
            target.putLong(cell.transaction());
            target.putLong(cell.sequence());
        }
        target.putBytes(key, 0, key.length);
        target.putBytes(cell.content(), 0, cell.content().length);
    }

    private static void writeHead(RedoBuffer target, int flags, Version version, byte[] key) {
        writeHead(target, flags, version, key.length);
        target.putBytes(key, 0, key.length);
    }

    private static void writeHead(RedoBuffer target, int flags, Version version, int keyLength) {
        target.putByte(flags);
        target.putShort(keyLength);
        target.putLong(version.lsn());
        target.putInt(version.index());
    }

    public static int flags(ByteBuffer page, int slot) {
        return page.get(SlottedPage.offset(page, slot));
    }

    /** Neither marked nor a ghost: every reader may take the record as it is (rule T1). */
    public static boolean isPlain(ByteBuffer page, int slot) {
        return (flags(page, slot) & (HAS_TXN | GHOST)) == 0;
    }

    /** Whether a transaction left its mark. */
    public static boolean isMarked(ByteBuffer page, int slot) {
        return (flags(page, slot) & HAS_TXN) != 0;
    }

    public static boolean isGhost(ByteBuffer page, int slot) {
        return (flags(page, slot) & GHOST) != 0;
    }

    /** Transaction of a marked record. */
    public static long transaction(ByteBuffer page, int slot) {
        return page.getLong(SlottedPage.offset(page, slot) + HEADER_BYTES);
    }

    /** Sequence of a marked record's before-image in the undo tree. */
    public static long sequence(ByteBuffer page, int slot) {
        return page.getLong(SlottedPage.offset(page, slot) + HEADER_BYTES + Long.BYTES);
    }

    /** A copy of the record, without its key. */
    public static Cell cell(ByteBuffer page, int slot) {
        boolean marked = isMarked(page, slot);
        return new Cell(
                flags(page, slot),
                version(page, slot),
                marked ? transaction(page, slot) : 0,
                marked ? sequence(page, slot) : 0,
                value(page, slot));
    }

    public static boolean isOverflow(ByteBuffer page, int slot) {
        return (flags(page, slot) & OVERFLOW) != 0;
    }

    public static Version version(ByteBuffer page, int slot) {
        int at = SlottedPage.offset(page, slot) + VERSION_AT;
        return new Version(page.getLong(at), page.getInt(at + Long.BYTES));
    }

    /** Where in the page the key begins; it ends where the value begins. */
    public static int keyOffset(ByteBuffer page, int slot) {
        return keyOffsetAt(page, SlottedPage.offset(page, slot));
    }

    /** Where in the page the inline value begins, or what stands in its place; {@link #inlineBytes} long. */
    public static int valueOffset(ByteBuffer page, int slot) {
        int at = SlottedPage.offset(page, slot);
        return keyOffsetAt(page, at) + keyLength(page, at);
    }

    static int keyOffsetAt(ByteBuffer page, int recordOffset) {
        return recordOffset + HEADER_BYTES + ((page.get(recordOffset) & HAS_TXN) != 0 ? TXN_BYTES : 0);
    }

    static int keyLength(ByteBuffer page, int recordOffset) {
        return Short.toUnsignedInt(page.getShort(recordOffset + KEY_LENGTH_AT));
    }

    /** A copy of the inline value, or of what stands in its place. */
    public static byte[] value(ByteBuffer page, int slot) {
        int end = SlottedPage.offset(page, slot) + SlottedPage.length(page, slot);
        byte[] value = new byte[end - valueOffset(page, slot)];
        page.get(end - value.length, value);
        return value;
    }

    /** Length of the inline value. */
    public static int inlineBytes(ByteBuffer page, int slot) {
        return SlottedPage.offset(page, slot) + SlottedPage.length(page, slot) - valueOffset(page, slot);
    }

    public static Reference reference(ByteBuffer page, int slot) {
        int end = SlottedPage.offset(page, slot) + SlottedPage.length(page, slot);
        return referenceAt(page, end - REFERENCE_BYTES);
    }

    static Reference referenceAt(ByteBuffer bytes, int at) {
        return new Reference(bytes.getLong(at), bytes.getLong(at + 8), bytes.getInt(at + 16), bytes.getInt(at + 20));
    }
}
