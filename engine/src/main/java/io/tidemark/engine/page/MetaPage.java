package io.tidemark.engine.page;

import java.nio.ByteBuffer;

/**
 * Page 0: what a store is made with, what the allocator knows, and where the catalog begins; big-endian.
 *
 * <pre>
 *   32                              40
 *   +---------------+---------------+-------------------------------+ 48
 *   |  page bytes   |max entry pages|         next page id          |
 *   +---------------+---------------+-------------------------------+ 64
 *   |        free list head         |          free pages           |
 *   +-------------------------------+-------------------------------+
 *   |         catalog root          |  zeros
 *   +-------------------------------+ 72
 * </pre>
 */
public final class MetaPage {
    /** Page size in the upper half, max-entry-pages in the lower. */
    public static final int CONSTANTS_OFFSET = 32;

    /** Lowest page id never given out. */
    public static final int NEXT_ID_OFFSET = 40;

    /** The page to be given out next, 0 for none. */
    public static final int FREE_HEAD_OFFSET = 48;

    public static final int FREE_PAGES_OFFSET = 56;
    public static final int CATALOG_OFFSET = 64;
    public static final int END = 72;

    public static final long PAGE_ID = 0;

    private MetaPage() {}

    public static long constants(int pageBytes, int maxEntryPages) {
        return (long) pageBytes << 32 | maxEntryPages;
    }

    public static int pageBytes(ByteBuffer page) {
        return page.getInt(CONSTANTS_OFFSET);
    }

    public static int maxEntryPages(ByteBuffer page) {
        return page.getInt(CONSTANTS_OFFSET + Integer.BYTES);
    }

    public static long nextId(ByteBuffer page) {
        return page.getLong(NEXT_ID_OFFSET);
    }

    public static long freeHead(ByteBuffer page) {
        return page.getLong(FREE_HEAD_OFFSET);
    }

    public static long freePages(ByteBuffer page) {
        return page.getLong(FREE_PAGES_OFFSET);
    }

    public static long catalogRoot(ByteBuffer page) {
        return page.getLong(CATALOG_OFFSET);
    }
}
