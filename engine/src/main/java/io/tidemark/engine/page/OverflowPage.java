package io.tidemark.engine.page;

import java.nio.ByteBuffer;

/**
 * Part of a value that is too large for a leaf; big-endian.
 *
 * <pre>
 *   32                              40              44              48
 *   +-------------------------------+---------------+---------------+------- - -
 *   |  next page of the value or 0  |     bytes     |   reserved    | content, then zeros
 *   +-------------------------------+---------------+---------------+------- - -
 * </pre>
 *
 * <p>When the value goes away its pages enter the free list as they are, in one piece: the last one's link is set to the
 * old head of the list.
 */
public final class OverflowPage {
    static final int BYTES_OFFSET = 40;
    static final int CONTENT_OFFSET = 48;

    private OverflowPage() {}

    /** Content bytes that one page of this size takes. */
    public static int room(int pageBytes) {
        return pageBytes - CONTENT_OFFSET;
    }

    /** Pages of a value of this length, at least one. */
    public static int pages(int pageBytes, long length) {
        return (int) Math.max(1, (length + room(pageBytes) - 1) / room(pageBytes));
    }

    static void format(ByteBuffer page, long pageId, long next, byte[] source, int from, int length) {
        PageHeader.format(page, PageType.OVERFLOW, pageId);
        page.putLong(PageHeader.NEXT_OFFSET, next);
        page.putInt(BYTES_OFFSET, length);
        page.put(CONTENT_OFFSET, source, from, length);
    }

    public static int bytes(ByteBuffer page) {
        return page.getInt(BYTES_OFFSET);
    }

    /** Copies the content out. */
    public static void read(ByteBuffer page, byte[] target, int at) {
        page.get(CONTENT_OFFSET, target, at, bytes(page));
    }
}
