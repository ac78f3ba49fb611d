package io.tidemark.engine.page;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A separator and the child that holds the keys at and above it, up to the next separator; big-endian. Keys below the
 * first separator are in the page's first child.
 *
 * <pre>
 *   0                               8
 *   +-------------------------------+---- - -
 *   |         child page id         | separator
 *   +-------------------------------+---- - -
 * </pre>
 */
public final class InnerRecord {
    static final int KEY_AT = 8;

    private InnerRecord() {}

    public static void write(RedoBuffer target, byte[] separator, long child) {
        target.putLong(child);
        target.putBytes(separator, 0, separator.length);
    }

    /** Child number {@code index} of the page, 0 for the first child, then one per record. */
    public static long child(ByteBuffer page, int index) {
        return index == 0 ? SlottedPage.firstChild(page) : page.getLong(SlottedPage.offset(page, index - 1));
    }

    /** Child of a record not yet in a page. */
    public static long child(RedoBuffer cell) {
        return RedoBuffer.getLong(cell.array(), 0);
    }

    /** Separator of a record not yet in a page. */
    public static byte[] key(RedoBuffer cell) {
        return Arrays.copyOfRange(cell.array(), KEY_AT, cell.length());
    }
}
