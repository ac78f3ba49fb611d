package io.tidemark.engine.page;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Finding keys in a slotted page. Keys are ordered as unsigned bytes, a prefix before what it begins. */
public final class Keys {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private Keys() {}

    /** A copy of the key in the slot. */
    public static byte[] key(ByteBuffer page, int slot) {
        byte[] key = new byte[length(page, slot)];
        page.get(offset(page, slot), key);
        return key;
    }

    /** The slot of the key, or {@code -(insertion point) - 1} when it is not there. */
    public static int find(ByteBuffer page, byte[] key) {
        int count = SlottedPage.count(page);
        if (count == 0) {
            return -1;
        }
        int shared = SlottedPage.shared(page);
        if (shared > 0) {
            int order = compare(page, offset(page, 0), shared, key, 0, Math.min(shared, key.length));
            if (order != 0) {
                return order < 0 ? -count - 1 : -1;
            }
        }
        int head = head(key, shared);
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = Integer.compareUnsigned(SlottedPage.head(page, middle), head);
            if (order == 0) {
                order = compareFrom(page, middle, key, shared);
            }
            if (order == 0) {
                return middle;
            } else if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }

    /** A hash of the key in the slot: that of the {@linkplain #hash(byte[]) key itself}. */
    public static long hash(ByteBuffer page, int slot) {
        int at = offset(page, slot);
        int length = length(page, slot);
        long hash = length;
        int i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            hash = mixed(hash, page.getLong(at + i));
        }
        long rest = 0;
        for (; i < length; i++) {
            rest = rest << Byte.SIZE | page.get(at + i) & 0xFF;
        }
        return mixed(hash, rest);
    }

    /** A hash whose bits all depend on all bytes of the key; good in memory alone, for it may change. */
    public static long hash(byte[] key) {
        long hash = key.length;
        int i = 0;
        for (; i + Long.BYTES <= key.length; i += Long.BYTES) {
            hash = mixed(hash, (long) LONGS.get(key, i));
        }
        long rest = 0;
        for (; i < key.length; i++) {
            rest = rest << Byte.SIZE | key[i] & 0xFF;
        }
        return mixed(hash, rest);
    }

    /** A multiplication carries bits up only, a fold brings the upper half down. */
    private static long mixed(long hash, long word) {
        return folded(folded((hash ^ word) * 0x9E3779B97F4A7C15L) * 0xD6E8FEB86659FD93L);
    }

    private static long folded(long bits) {
        return bits ^ bits >>> Integer.SIZE;
    }

    /** Which child of an inner page holds the key; see {@link InnerRecord#child}. */
    public static int childIndex(ByteBuffer page, byte[] key) {
        int slot = find(page, key);
        return slot >= 0 ? slot + 1 : -slot - 1;
    }

    /** Compares the key in the slot with {@code key}. */
    public static int compare(ByteBuffer page, int slot, byte[] key) {
        return compareFrom(page, slot, key, 0);
    }

    /** As above, of keys that agree up to {@code from}. */
    private static int compareFrom(ByteBuffer page, int slot, byte[] key, int from) {
        return compare(page, offset(page, slot) + from, length(page, slot) - from, key, from, key.length - from);
    }

    /** Compares {@code leftLength} bytes of the page at {@code left} with {@code rightLength} of the key at {@code right}. */
    private static int compare(ByteBuffer page, int left, int leftLength, byte[] key, int right, int rightLength) {
        int common = Math.min(leftLength, rightLength);
        int i = 0;
        for (; i + Long.BYTES <= common; i += Long.BYTES) {
            long leftLong = page.getLong(left + i);
            long rightLong = (long) LONGS.get(key, right + i);
            if (leftLong != rightLong) {
                return Long.compareUnsigned(leftLong, rightLong);
            }
        }
        for (; i < common; i++) {
            int order = Integer.compare(page.get(left + i) & 0xFF, key[right + i] & 0xFF);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(leftLength, rightLength);
    }

    /** How many bytes, at most {@code limit}, the keys in two slots have in common at their beginning. */
    static int sharedBytes(ByteBuffer page, int slot, int other, int limit) {
        int left = offset(page, slot);
        int right = offset(page, other);
        int common = Math.min(limit, Math.min(length(page, slot), length(page, other)));
        int i = 0;
        while (i + Long.BYTES <= common && page.getLong(left + i) == page.getLong(right + i)) {
            i += Long.BYTES;
        }
        while (i < common && page.get(left + i) == page.get(right + i)) {
            i++;
        }
        return i;
    }

    /** The four bytes at {@code from} of the key in the slot, zeros behind its end. */
    static int head(ByteBuffer page, int slot, int from) {
        int at = offset(page, slot) + from;
        int left = length(page, slot) - from;
        if (left >= Integer.BYTES) {
            return page.getInt(at);
        }
        int head = 0;
        for (int i = 0; i < Integer.BYTES; i++) {
            head = head << Byte.SIZE | (i < left ? page.get(at + i) & 0xFF : 0);
        }
        return head;
    }

    private static int head(byte[] key, int from) {
        if (from + Integer.BYTES <= key.length) {
            return (int) INTS.get(key, from);
        }
        int head = 0;
        for (int i = from; i < from + Integer.BYTES; i++) {
            head = head << Byte.SIZE | (i < key.length ? key[i] & 0xFF : 0);
        }
        return head;
    }

    /** The shortest key that is above {@code left} and not above {@code right}. */
    public static byte[] separator(byte[] left, byte[] right) {
        int common = Arrays.mismatch(left, right);
        return Arrays.copyOf(right, common + 1);
    }

    /** Whether the key ends where its record ends or before. */
    static boolean isWithin(ByteBuffer page, int slot) {
        int end = SlottedPage.offset(page, slot) + SlottedPage.length(page, slot);
        return length(page, slot) >= 0 && offset(page, slot) + length(page, slot) <= end;
    }

    private static boolean isLeaf(ByteBuffer page) {
        return page.get(SlottedPage.LEVEL_OFFSET) == 0;
    }

    private static int offset(ByteBuffer page, int slot) {
        int record = SlottedPage.offset(page, slot);
        return isLeaf(page) ? LeafRecord.keyOffsetAt(page, record) : record + InnerRecord.KEY_AT;
    }

    private static int length(ByteBuffer page, int slot) {
        return isLeaf(page)
                ? LeafRecord.keyLength(page, SlottedPage.offset(page, slot))
                : SlottedPage.length(page, slot) - InnerRecord.KEY_AT;
    }
}
