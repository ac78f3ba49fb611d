package io.tidemark.engine.page;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.nio.ByteBuffer;

/**
 * A page of sorted records, for leaves and inner pages alike, big-endian.
 *
 * <pre>
 *   0                                                              32
 *   +-------------------------------+-------------------------------+
 *   |  prefix, see PageHeader                                       |
 *   +-------------------------------+-------+---+---+---------------+ 48
 *   |  next page id (free pages)    | slots |lvl| 0 |  heap start   |
 *   +---------------+---------------+-------+---+---+---------------+ 64
 *   |    garbage    |   reserved    |    first child (inner pages)  |
 *   +-------+-------+-------+-------+-------------------------------+
 *   | offset| length| offset| length| ...  slots, in key order
 *   +-------+-------+-------+-------+
 *   |  zeros
 *   +---------------------------------------------------------------+ heap start
 *   |  records, newest first; removed ones are zeros, counted as garbage
 *   +---------------------------------------------------------------+ page size
 * </pre>
 *
 * <p>The heap is compacted when, and only when, a record finds no room in one piece: the bytes are a function of the
 * changes alone. Levels count from 0, the leaves.
 */
public final class SlottedPage {
    public static final int SLOTS_OFFSET = 40;
    public static final int LEVEL_OFFSET = 42;
    public static final int HEAP_OFFSET = 44;
    public static final int GARBAGE_OFFSET = 48;
    public static final int FIRST_CHILD_OFFSET = 56;
    public static final int HEADER_BYTES = 64;
    public static final int SLOT_BYTES = 4;

    private SlottedPage() {}

    public static void format(ByteBuffer page, PageType type, int level, long pageId) {
        PageHeader.format(page, type, pageId);
        page.put(LEVEL_OFFSET, (byte) level);
        page.putInt(HEAP_OFFSET, page.capacity());
    }

    /** Number of records. */
    public static int count(ByteBuffer page) {
        return Short.toUnsignedInt(page.getShort(SLOTS_OFFSET));
    }

    public static int level(ByteBuffer page) {
        return page.get(LEVEL_OFFSET);
    }

    public static long firstChild(ByteBuffer page) {
        return page.getLong(FIRST_CHILD_OFFSET);
    }

    /** Offset of a record in the page. */
    public static int offset(ByteBuffer page, int slot) {
        return Short.toUnsignedInt(page.getShort(slotAt(slot)));
    }

    /** Length of a record. */
    public static int length(ByteBuffer page, int slot) {
        return Short.toUnsignedInt(page.getShort(slotAt(slot) + 2));
    }

    /** Bytes of records and slots that an empty page of this size has room for. */
    public static int room(int pageBytes) {
        return pageBytes - HEADER_BYTES;
    }

    /** Bytes left for records and their slots, in one piece or not. */
    public static int free(ByteBuffer page) {
        return contiguous(page) + page.getInt(GARBAGE_OFFSET);
    }

    public static boolean fits(ByteBuffer page, int length) {
        return free(page) >= length + SLOT_BYTES;
    }

    /** Whether the record in the slot may become one of {@code length} bytes. */
    public static boolean fitsReplacement(ByteBuffer page, int slot, int length) {
        return free(page) + length(page, slot) >= length;
    }

    public static void insert(ByteBuffer page, int slot, byte[] source, int from, int length) {
        int count = count(page);
        check(slot <= count && fits(page, length), page, "insert of " + length + " B at slot", slot);
        makeRoom(page, length + SLOT_BYTES);
        int at = place(page, source, from, length);
        move(page, slotAt(slot), slotAt(slot + 1), (count - slot) * SLOT_BYTES);
        setSlot(page, slot, at, length);
        page.putShort(SLOTS_OFFSET, (short) (count + 1));
    }

    public static void replace(ByteBuffer page, int slot, byte[] source, int from, int length) {
        check(
                slot < count(page) && fitsReplacement(page, slot, length),
                page,
                "replacement by " + length + " B at slot",
                slot);
        if (length(page, slot) == length) {
            page.put(offset(page, slot), source, from, length);
            return;
        }
        release(page, slot);
        setSlot(page, slot, 0, 0);
        makeRoom(page, length);
        setSlot(page, slot, place(page, source, from, length), length);
    }

    public static void delete(ByteBuffer page, int slot) {
        int count = count(page);
        check(slot < count, page, "removal of slot", slot);
        release(page, slot);
        move(page, slotAt(slot + 1), slotAt(slot), (count - slot - 1) * SLOT_BYTES);
        setSlot(page, count - 1, 0, 0);
        page.putShort(SLOTS_OFFSET, (short) (count - 1));
    }

    /** Removes the records from this slot on. */
    public static void truncate(ByteBuffer page, int from) {
        int count = count(page);
        check(from <= count, page, "truncation from slot", from);
        for (int slot = count - 1; slot >= from; slot--) {
            release(page, slot);
            setSlot(page, slot, 0, 0);
        }
        page.putShort(SLOTS_OFFSET, (short) from);
    }

    /** Checks what must hold of any slotted page, whatever its records mean; {@code CORRUPT} otherwise. */
    public static void checkLayout(ByteBuffer page) {
        int count = count(page);
        int heap = page.getInt(HEAP_OFFSET);
        check(heap >= slotAt(count) && heap <= page.capacity(), page, "heap start", heap);
        int used = 0;
        for (int slot = 0; slot < count; slot++) {
            int at = offset(page, slot);
            check(at >= heap && at + length(page, slot) <= page.capacity(), page, "slot", slot);
            used += length(page, slot);
        }
        int garbage = page.getInt(GARBAGE_OFFSET);
        check(used + garbage == page.capacity() - heap, page, "garbage", garbage);
    }

    private static int slotAt(int slot) {
        return HEADER_BYTES + slot * SLOT_BYTES;
    }

    private static int contiguous(ByteBuffer page) {
        return page.getInt(HEAP_OFFSET) - slotAt(count(page));
    }

    private static void setSlot(ByteBuffer page, int slot, int offset, int length) {
        page.putShort(slotAt(slot), (short) offset);
        page.putShort(slotAt(slot) + 2, (short) length);
    }

    private static int place(ByteBuffer page, byte[] source, int from, int length) {
        int at = page.getInt(HEAP_OFFSET) - length;
        page.put(at, source, from, length);
        page.putInt(HEAP_OFFSET, at);
        return at;
    }

    /** Zeroes the record's bytes and counts them as free; its slot stays. */
    private static void release(ByteBuffer page, int slot) {
        int at = offset(page, slot);
        int length = length(page, slot);
        PageHeader.zero(page, at, length);
        if (at == page.getInt(HEAP_OFFSET)) {
            page.putInt(HEAP_OFFSET, at + length);
        } else {
            page.putInt(GARBAGE_OFFSET, page.getInt(GARBAGE_OFFSET) + length);
        }
    }

    private static void makeRoom(ByteBuffer page, int needed) {
        if (contiguous(page) < needed) {
            compact(page);
        }
    }

    /** Packs the records at the page's end, slot 0 last; a slot of length 0 has no bytes and keeps none. */
    private static void compact(ByteBuffer page) {
        byte[] old = new byte[page.capacity()];
        page.get(0, old);
        int count = count(page);
        int at = page.capacity();
        for (int slot = 0; slot < count; slot++) {
            int length = length(page, slot);
            if (length > 0) {
                at -= length;
                page.put(at, old, offset(page, slot), length);
                setSlot(page, slot, at, length);
            }
        }
        PageHeader.zero(page, slotAt(count), at - slotAt(count));
        page.putInt(HEAP_OFFSET, at);
        page.putInt(GARBAGE_OFFSET, 0);
    }

    private static void move(ByteBuffer page, int from, int to, int length) {
        if (length > 0) {
            page.put(to, page, from, length);
        }
    }

    private static void check(boolean holds, ByteBuffer page, String what, int found) {
        if (!holds) {
            throw new TidemarkException(
                    ErrorKind.CORRUPT,
                    "page " + PageHeader.id(page) + " of LSN " + PageHeader.lsn(page) + " with " + count(page)
                            + " records and " + free(page) + " B free does not allow " + what + " " + found);
        }
    }
}
