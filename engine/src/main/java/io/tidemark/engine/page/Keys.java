package io.tidemark.engine.page;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Finding keys in a slotted page. Keys are ordered as unsigned bytes, a prefix before what it begins. */
public final class Keys {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Keys() {}

    /** A copy of the key in the slot. */
    public static byte[] key(ByteBuffer page, int slot) {
        byte[] key = new byte[length(page, slot)];
        page.get(offset(page, slot), key);
        return key;
    }

    /** The slot of the key, or {@code -(insertion point) - 1} when it is not there. */
    public static int find(ByteBuffer page, byte[] key) {
        int low = 0;
        int high = SlottedPage.count(page) - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = compare(page, middle, key);
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

    /** Which child of an inner page holds the key; see {@link InnerRecord#child}. */
    public static int childIndex(ByteBuffer page, byte[] key) {
        int slot = find(page, key);
        return slot >= 0 ? slot + 1 : -slot - 1;
    }

    /** Compares the key in the slot with {@code key}. */
    public static int compare(ByteBuffer page, int slot, byte[] key) {
        int at = offset(page, slot);
        int length = length(page, slot);
        int common = Math.min(length, key.length);
        int i = 0;
        for (; i + Long.BYTES <= common; i += Long.BYTES) {
            long left = page.getLong(at + i);
            long right = (long) LONGS.get(key, i);
            if (left != right) {
                return Long.compareUnsigned(left, right);
            }
        }
        for (; i < common; i++) {
            int order = Integer.compare(page.get(at + i) & 0xFF, key[i] & 0xFF);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(length, key.length);
    }

    /** The shortest key that is above {@code left} and not above {@code right}. */
    public static byte[] separator(byte[] left, byte[] right) {
        int common = Arrays.mismatch(left, right);
        return Arrays.copyOf(right, common + 1);
    }

    private static boolean isLeaf(ByteBuffer page) {
        return page.get(SlottedPage.LEVEL_OFFSET) == 0;
    }

    private static int offset(ByteBuffer page, int slot) {
        int record = SlottedPage.offset(page, slot);
        return isLeaf(page) ? LeafRecord.keyOffset(page, record) : record + InnerRecord.KEY_AT;
    }

    private static int length(ByteBuffer page, int slot) {
        return isLeaf(page)
                ? LeafRecord.keyLength(page, SlottedPage.offset(page, slot))
                : SlottedPage.length(page, slot) - InnerRecord.KEY_AT;
    }
}
