package io.tidemark.engine.store;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Which slots of the page file are in use: referenced by a durable row, taken by a flush under way, or being read (rule
 * P5). Slot 0 is the file's header. Thread-safe.
 */
final class SlotMap {
    private final int growthSlots;
    private final BitSet used = new BitSet();

    /** Slots being read, with their number of readers; those of a released row are marked in {@link #leaving}. */
    private final Map<Integer, Integer> readers = new HashMap<>();

    private final BitSet leaving = new BitSet();
    private int slots = 1;
    private int inUse = 1;
    private int cursor = 1;

    SlotMap(int growthSlots) {
        this.growthSlots = growthSlots;
        used.set(0);
    }

    /** Takes the slot of a durable row; false when it is taken already. */
    synchronized boolean occupy(int slot) {
        if (used.get(slot)) {
            return false;
        }
        take(slot);
        slots = Math.max(slots, slot + 1);
        return true;
    }

    /**
     * Takes {@code count} free slots, ascending. They are looked for from where the last search ended, so that they
     * form long runs; the file grows, by whole chunks, only when not enough are free.
     */
    synchronized int[] allocate(int count) {
        int free = slots - inUse;
        if (free < count) {
            slots += (count - free + growthSlots - 1) / growthSlots * growthSlots;
        }
        int[] taken = new int[count];
        for (int i = 0; i < count; i++) {
            int slot = used.nextClearBit(cursor);
            if (slot >= slots) {
                slot = used.nextClearBit(1);
            }
            take(slot);
            taken[i] = slot;
            cursor = slot + 1;
        }
        Arrays.sort(taken);
        return taken;
    }

    /** Lets a slot go whose row has been replaced durably; at once, or with its last reader. */
    synchronized void release(int slot) {
        if (readers.containsKey(slot)) {
            leaving.set(slot);
        } else {
            free(slot);
        }
    }

    /** Looks up a slot and keeps it from being used again until {@link #readDone}; nothing happens between the two. */
    synchronized long startRead(LongSupplier lookup) {
        long slot = lookup.getAsLong();
        if (slot >= 0) {
            readers.merge((int) slot, 1, Integer::sum);
        }
        return slot;
    }

    synchronized void readDone(int slot) {
        if (readers.merge(slot, -1, Integer::sum) == 0) {
            readers.remove(slot);
            if (leaving.get(slot)) {
                leaving.clear(slot);
                free(slot);
            }
        }
    }

    synchronized int inUse() {
        return inUse - 1;
    }

    private void take(int slot) {
        used.set(slot);
        inUse++;
    }

    private void free(int slot) {
        used.clear(slot);
        inUse--;
    }
}
