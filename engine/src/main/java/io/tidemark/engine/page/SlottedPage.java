package io.tidemark.engine.page;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A page of sorted records, for leaves and inner pages alike, big-endian.
 *
 * <pre>
 *   0                                                              32
 *   +-------------------------------+-------------------------------+
 *   |  prefix, see PageHeader                                       |
 *   +-------------------------------+-------+---+---+---------------+ 48
 *   |  next page id (free pages)    | slots |lvl| 0 |  heap start   |
 *   +---------------+-------+-------+-------+---+---+---------------+ 64
 *   |    garbage    |shared |last in|    first child (inner pages)  |
 *   +-------+-------+-------+-------+-------------------------------+
 *   | offset| length|     head      | ...  slots, in key order
 *   +-------+-------+---------------+
 *   |  zeros
 *   +---------------------------------------------------------------+ heap start
 *   |  records, newest first; removed ones are zeros, counted as garbage
 *   +---------------------------------------------------------------+ page size
 * </pre>
 *
 * <p>All keys of the page agree in their first {@code shared} bytes, and a slot's {@code head} is the four bytes of its key
 * after those, zeros behind the key's end: a search compares the shared bytes once and then heads, and looks at a record
 * only where heads are equal. {@code shared} shrinks when a key comes that differs earlier, and is computed anew when
 * records come or go many at once. {@code last in} is one more than the slot of the last record that came alone, 0 when
 * that is not known: where the next split is.
 *
 * <p>The heap is compacted when, and only when, a record finds no room in one piece: the bytes are a function of the
 * changes alone. Levels count from 0, the leaves.
 */
public final class SlottedPage {
    public static final int SLOTS_OFFSET = 40;
    public static final int LEVEL_OFFSET = 42;
    public static final int HEAP_OFFSET = 44;
    public static final int GARBAGE_OFFSET = 48;
    public static final int SHARED_OFFSET = 52;
    public static final int LAST_IN_OFFSET = 54;
    public static final int FIRST_CHILD_OFFSET = 56;
    public static final int HEADER_BYTES = 64;
    public static final int SLOT_BYTES = 8;

    private static final int PAGE_BYTES_MAX = 1 << 16;
    private static final ThreadLocal<byte[]> SCRATCH = ThreadLocal.withInitial(() -> new byte[PAGE_BYTES_MAX]);

    private static final int LENGTH_AT = 2;
    private static final int HEAD_AT = 4;

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
        return Short.toUnsignedInt(page.getShort(slotAt(slot) + LENGTH_AT));
    }

    /** The four bytes of the key after the shared ones, an unsigned number. */
    static int head(ByteBuffer page, int slot) {
        return page.getInt(slotAt(slot) + HEAD_AT);
    }

    /** How many bytes all keys have in common at their beginning; perhaps more. */
    public static int shared(ByteBuffer page) {
        return Short.toUnsignedInt(page.getShort(SHARED_OFFSET));
    }

    /** One more than the slot of the record that came last, 0 when that is not known. */
    public static int lastIn(ByteBuffer page) {
        return Short.toUnsignedInt(page.getShort(LAST_IN_OFFSET));
    }

    /** Bytes that records and their slots take. */
    public static int used(ByteBuffer page) {
        return room(page.capacity()) - free(page);
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

    /** Adds a record. */
    public static void insert(ByteBuffer page, int slot, byte[] source, int from, int length) {
        int count = count(page);
        check(slot <= count && fits(page, length), page, "an insert of bytes at slot", length, slot);
        makeRoom(page, length + SLOT_BYTES);
        int at = place(page, source, from, length);
        move(page, slotAt(slot), slotAt(slot + 1), (count - slot) * SLOT_BYTES);
        setSlot(page, slot, at, length);
        page.putShort(SLOTS_OFFSET, (short) (count + 1));
        page.putShort(LAST_IN_OFFSET, (short) (slot + 1));
        keyCame(page, slot);
    }

    /**
     * Adds records, each with its length (2 bytes) before it, one behind the other from {@code slot} on.
     *
     * @param length bytes of all of them, lengths included
     */
    public static void insertMany(ByteBuffer page, int slot, byte[] source, int from, int length) {
        int count = count(page);
        int end = from + length;
        int added = 0;
        int bytes = 0;
        for (int at = from; at < end; at += Short.BYTES + RedoBuffer.getShort(source, at)) {
            added++;
            bytes += RedoBuffer.getShort(source, at);
        }
        int needed = bytes + added * SLOT_BYTES;
        boolean whole = bytes + added * Short.BYTES == length;
        check(whole && slot <= count && free(page) >= needed, page, "an insert of records at slot", added, slot);
        makeRoom(page, needed);
        move(page, slotAt(slot), slotAt(slot + added), (count - slot) * SLOT_BYTES);
        int at = from;
        for (int i = slot; i < slot + added; i++) {
            int record = RedoBuffer.getShort(source, at);
            setSlot(page, i, place(page, source, at + Short.BYTES, record), record);
            at += Short.BYTES + record;
        }
        page.putShort(SLOTS_OFFSET, (short) (count + added));
        page.putShort(LAST_IN_OFFSET, (short) 0);
        share(page);
    }

    /** Puts another record in the slot. */
    public static void replace(ByteBuffer page, int slot, byte[] source, int from, int length) {
        check(
                slot < count(page) && fitsReplacement(page, slot, length),
                page,
                "a replacement by bytes at slot",
                length,
                slot);
        if (length(page, slot) == length) {
            page.put(offset(page, slot), source, from, length);
        } else {
            release(page, slot);
            setSlot(page, slot, 0, 0);
            makeRoom(page, length);
            setSlot(page, slot, place(page, source, from, length), length);
        }
        keyCame(page, slot);
    }

    public static void delete(ByteBuffer page, int slot) {
        int count = count(page);
        check(slot < count, page, "removal of slot", slot);
        release(page, slot);
        close(page, slot, slot + 1);
        int last = lastIn(page);
        if (last > slot) {
            page.putShort(LAST_IN_OFFSET, (short) (last == slot + 1 ? 0 : last - 1));
        }
    }

    /** Removes records {@code from..to-1}. */
    public static void remove(ByteBuffer page, int from, int to) {
        check(from <= to && to <= count(page), page, "a removal of slots up to, from slot", to, from);
        for (int slot = to - 1; slot >= from; slot--) {
            release(page, slot);
        }
        close(page, from, to);
        page.putShort(LAST_IN_OFFSET, (short) 0);
        share(page);
    }

    /** Takes slots {@code from..to-1} out of the array; their records are released. */
    private static void close(ByteBuffer page, int from, int to) {
        int count = count(page);
        move(page, slotAt(to), slotAt(from), (count - to) * SLOT_BYTES);
        PageHeader.zero(page, slotAt(count - to + from), (to - from) * SLOT_BYTES);
        page.putShort(SLOTS_OFFSET, (short) (count - to + from));
    }

    /** The key in this slot is new: what all keys share may have become shorter. */
    private static void keyCame(ByteBuffer page, int slot) {
        int shared = shared(page);
        if (count(page) == 1) {
            share(page);
        } else if (Keys.sharedBytes(page, slot, slot == 0 ? 1 : 0, shared) < shared) {
            share(page);
        } else {
            setHead(page, slot, shared);
        }
    }

    /** Computes anew what all keys share, and the heads. The first and the last key differ earliest. */
    private static void share(ByteBuffer page) {
        int count = count(page);
        int shared = count == 0 ? 0 : Keys.sharedBytes(page, 0, count - 1, Integer.MAX_VALUE);
        page.putShort(SHARED_OFFSET, (short) shared);
        for (int slot = 0; slot < count; slot++) {
            setHead(page, slot, shared);
        }
    }

    private static void setHead(ByteBuffer page, int slot, int shared) {
        page.putInt(slotAt(slot) + HEAD_AT, Keys.head(page, slot, shared));
    }

    /** Checks what must hold of any slotted page, whatever its records mean; {@code CORRUPT} otherwise. */
    public static void checkLayout(ByteBuffer page) {
        int count = count(page);
        int heap = page.getInt(HEAP_OFFSET);
        check(heap >= slotAt(count) && heap <= page.capacity(), page, "heap start", heap);
        checkUnused(page, slotAt(count), heap);
        long[] records = new long[count];
        for (int slot = 0; slot < count; slot++) {
            records[slot] = (long) offset(page, slot) << 32 | length(page, slot);
        }
        Arrays.sort(records);
        int end = heap;
        int garbage = 0;
        for (long record : records) {
            int at = (int) (record >>> 32);
            check(at >= end && at + (int) record <= page.capacity(), page, "record in part elsewhere at", at);
            checkUnused(page, end, at);
            garbage += at - end;
            end = at + (int) record;
        }
        checkUnused(page, end, page.capacity());
        garbage += page.capacity() - end;
        check(garbage == page.getInt(GARBAGE_OFFSET), page, "garbage", page.getInt(GARBAGE_OFFSET));
        check(lastIn(page) <= count, page, "last insert", lastIn(page));
        int shared = shared(page);
        for (int slot = 0; slot < count; slot++) {
            check(Keys.isWithin(page, slot), page, "key longer than its record in slot", slot);
            check(Keys.sharedBytes(page, slot, 0, shared) == shared, page, shared + " shared bytes in slot", slot);
            check(head(page, slot) == Keys.head(page, slot, shared), page, "head of slot", slot);
        }
    }

    private static void checkUnused(ByteBuffer page, int from, int to) {
        for (int at = from; at < to; at++) {
            check(page.get(at) == 0, page, "bytes in free space at", at);
        }
    }

    private static int slotAt(int slot) {
        return HEADER_BYTES + slot * SLOT_BYTES;
    }

    private static int contiguous(ByteBuffer page) {
        return page.getInt(HEAP_OFFSET) - slotAt(count(page));
    }

    private static void setSlot(ByteBuffer page, int slot, int offset, int length) {
        page.putShort(slotAt(slot), (short) offset);
        page.putShort(slotAt(slot) + LENGTH_AT, (short) length);
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
        byte[] old = SCRATCH.get();
        page.get(0, old, 0, page.capacity());
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

    /** As below, for what each change asks: its words are put together only when they are needed. */
    private static void check(boolean holds, ByteBuffer page, String what, int number, int slot) {
        if (!holds) {
            check(false, page, what + ": " + number + ",", slot);
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
