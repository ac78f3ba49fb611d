package io.tidemark.engine.page;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.nio.ByteBuffer;

/**
 * The records of a WAL block, and what each does to its page. A change is made by writing its record and applying it
 * with {@link #apply}; recovery applies the same record with the same method. Big-endian.
 *
 * <pre>
 *   0   1                               9              13
 *   +---+-------------------------------+---------------+------- - -
 *   |op |            page id            | length of args| args
 *   +---+-------------------------------+---------------+------- - -
 *
 *   op                   args
 *   1 FORMAT             type 1 | level 1                          zeroes the page
 *   2 FORMAT_OVERFLOW    next page id 8 | content
 *   3 INSERT             slot 2 | record
 *   4 REPLACE            slot 2 | record
 *   5 DELETE             slot 2
 *   6 REMOVE             slot 2 | slot 2                           removes from the first to before the second
 *   7 SET                offset 2 | value 8                        a link, the first child, a field of the meta page
 *   8 INSERT_MANY        slot 2 | (length 2 | record) ...          one behind the other
 * </pre>
 *
 * <p>A record that cannot be applied is {@code CORRUPT}: log and page do not belong together.
 */
public final class PageRedo {
    public static final int FORMAT = 1;
    public static final int FORMAT_OVERFLOW = 2;
    public static final int INSERT = 3;
    public static final int REPLACE = 4;
    public static final int DELETE = 5;
    public static final int REMOVE = 6;
    public static final int SET = 7;
    public static final int INSERT_MANY = 8;

    public static final int HEADER_BYTES = 13;

    private static final int PAGE_ID_AT = 1;
    private static final int LENGTH_AT = 9;

    private PageRedo() {}

    /** Begins a record; returns where it begins, for {@link #end}. */
    public static int begin(RedoBuffer redo, int op, long pageId) {
        int at = redo.length();
        redo.putByte(op);
        redo.putLong(pageId);
        redo.putInt(0);
        return at;
    }

    /** Ends the record that began at {@code at}. */
    public static void end(RedoBuffer redo, int at) {
        redo.setInt(at + LENGTH_AT, redo.length() - at - HEADER_BYTES);
    }

    public static int op(byte[] redo, int at) {
        return redo[at];
    }

    public static long pageId(byte[] redo, int at) {
        return RedoBuffer.getLong(redo, at + PAGE_ID_AT);
    }

    /** Where the record after this one begins; checks that this one lies within {@code limit}. */
    public static int next(byte[] redo, int at, int limit) {
        long end = at + (long) HEADER_BYTES;
        if (end <= limit) {
            int args = RedoBuffer.getInt(redo, at + LENGTH_AT);
            end = args < 0 ? Long.MAX_VALUE : end + args;
        }
        if (end > limit) {
            throw new TidemarkException(
                    ErrorKind.CORRUPT, "redo record at byte " + at + " reaches past the block's " + limit + " bytes");
        }
        return (int) end;
    }

    /** Whether the record makes the page anew, whatever it held. */
    public static boolean formats(byte[] redo, int at) {
        return op(redo, at) == FORMAT || op(redo, at) == FORMAT_OVERFLOW;
    }

    /** Changes the page as the record at {@code at} says. */
    public static void apply(byte[] redo, int at, ByteBuffer page) {
        int args = at + HEADER_BYTES;
        int length = RedoBuffer.getInt(redo, at + LENGTH_AT);
        int op = op(redo, at);
        switch (op) {
            case FORMAT -> format(page, pageId(redo, at), redo[args], redo[args + 1]);
            case FORMAT_OVERFLOW ->
                OverflowPage.format(page, pageId(redo, at), RedoBuffer.getLong(redo, args), redo, args + 8, length - 8);
            case INSERT -> SlottedPage.insert(page, RedoBuffer.getShort(redo, args), redo, args + 2, length - 2);
            case REPLACE -> SlottedPage.replace(page, RedoBuffer.getShort(redo, args), redo, args + 2, length - 2);
            case DELETE -> SlottedPage.delete(page, RedoBuffer.getShort(redo, args));
            case REMOVE ->
                SlottedPage.remove(page, RedoBuffer.getShort(redo, args), RedoBuffer.getShort(redo, args + 2));
            case SET -> set(page, RedoBuffer.getShort(redo, args), RedoBuffer.getLong(redo, args + 2));
            case INSERT_MANY ->
                SlottedPage.insertMany(page, RedoBuffer.getShort(redo, args), redo, args + 2, length - 2);
            default ->
                throw new TidemarkException(
                        ErrorKind.CORRUPT, "unknown redo operation " + op + " for page " + pageId(redo, at));
        }
    }

    private static void format(ByteBuffer page, long pageId, int type, int level) {
        switch (PageType.of(type)) {
            case META -> PageHeader.format(page, PageType.META, pageId);
            case LEAF -> SlottedPage.format(page, PageType.LEAF, 0, pageId);
            case INNER -> SlottedPage.format(page, PageType.INNER, level, pageId);
            case OVERFLOW ->
                throw new TidemarkException(
                        ErrorKind.CORRUPT, "page " + pageId + " would become an overflow page without content");
        }
    }

    private static void set(ByteBuffer page, int offset, long value) {
        PageType type = PageHeader.type(page);
        boolean allowed = switch (type) {
            case META -> offset >= MetaPage.CONSTANTS_OFFSET && offset < MetaPage.END && offset % Long.BYTES == 0;
            case INNER -> offset == PageHeader.NEXT_OFFSET || offset == SlottedPage.FIRST_CHILD_OFFSET;
            case LEAF, OVERFLOW -> offset == PageHeader.NEXT_OFFSET;
        };
        if (!allowed) {
            throw new TidemarkException(
                    ErrorKind.CORRUPT,
                    "no field at offset " + offset + " of page " + PageHeader.id(page) + ", a " + type);
        }
        page.putLong(offset, value);
    }
}
