package io.tidemark.engine.page;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The first bytes of every page, whatever its type, and the link after them that pages of a chain have. Big-endian.
 *
 * <pre>
 *  0        4        8               16              24       28       32              40
 *  +--------+--------+---------------+---------------+--------+--------+---------------+----- - -
 *  | magic  |ver|type| page id (8)   | page LSN (8)  | CRC32C | zero   | next page (8) | by type
 *  +--------+--------+---------------+---------------+--------+--------+---------------+----- - -
 *    4        2   2
 * </pre>
 *
 * <p>The page LSN is that of the last entry that changed the page. The CRC covers the whole page with its own four bytes
 * as zero; it is set on the copy that goes to disk and means nothing in a frame. The next page id ({@link #NO_PAGE}: none)
 * links free pages and the parts of a large value; page 0 has no link there.
 */
public final class PageHeader {
    /** "TMPG". */
    public static final int MAGIC = 0x544D5047;

    /** Format of the pages that this binary writes. */
    public static final int VERSION = 1;

    public static final int MAGIC_OFFSET = 0;
    public static final int VERSION_OFFSET = 4;
    public static final int TYPE_OFFSET = 6;
    public static final int ID_OFFSET = 8;
    public static final int LSN_OFFSET = 16;
    public static final int CRC_OFFSET = 24;
    public static final int RESERVED_OFFSET = 28;

    /** Bytes of this header. */
    public static final int BYTES = 32;

    public static final int NEXT_OFFSET = 32;

    /** The id that no link and no child can have: page 0 is the meta page. */
    public static final long NO_PAGE = 0;

    private static final byte[] ZEROS = new byte[1 << 16];
    private static final byte[] CRC_AS_ZERO = new byte[4];
    private static final ThreadLocal<CRC32C> CRC = ThreadLocal.withInitial(CRC32C::new);

    private PageHeader() {}

    /** Zeroes the page and writes its header; the page LSN stays zero until the entry is complete. */
    static void format(ByteBuffer page, PageType type, long pageId) {
        zero(page, 0, page.capacity());
        page.putInt(MAGIC_OFFSET, MAGIC);
        page.putShort(VERSION_OFFSET, (short) VERSION);
        page.putShort(TYPE_OFFSET, (short) type.code());
        page.putLong(ID_OFFSET, pageId);
    }

    static void zero(ByteBuffer page, int offset, int length) {
        page.put(offset, ZEROS, 0, length);
    }

    public static PageType type(ByteBuffer page) {
        return PageType.of(page.getShort(page.position() + TYPE_OFFSET));
    }

    public static long id(ByteBuffer page) {
        return page.getLong(page.position() + ID_OFFSET);
    }

    public static long lsn(ByteBuffer page) {
        return page.getLong(page.position() + LSN_OFFSET);
    }

    public static void setLsn(ByteBuffer page, long lsn) {
        page.putLong(page.position() + LSN_OFFSET, lsn);
    }

    public static long next(ByteBuffer page) {
        return page.getLong(page.position() + NEXT_OFFSET);
    }

    /** The CRC as it stands in the page, right or wrong. */
    public static int storedCrc(ByteBuffer page) {
        return page.getInt(page.position() + CRC_OFFSET);
    }

    /**
     * CRC32C of the page from the buffer's position to its limit, its CRC field taken as zero. Allocates nothing. The
     * buffer's position and limit move meanwhile and are put back, so it must not be in use by another thread.
     */
    public static int crc(ByteBuffer page) {
        int start = page.position();
        int end = page.limit();
        CRC32C crc = CRC.get();
        crc.reset();
        page.limit(start + CRC_OFFSET);
        crc.update(page);
        crc.update(CRC_AS_ZERO, 0, CRC_AS_ZERO.length);
        page.limit(end).position(start + CRC_OFFSET + CRC_AS_ZERO.length);
        crc.update(page);
        page.position(start);
        return (int) crc.getValue();
    }

    /** Computes the CRC and stores it in the page; done once, on the private copy that goes to disk. */
    public static int seal(ByteBuffer page) {
        int crc = crc(page);
        page.putInt(page.position() + CRC_OFFSET, crc);
        return crc;
    }
}
