package io.tidemark.engine.txn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Who holds which keys and ranges: a copy of the undo rows of transactions that have not ended, in the form in which
 * conflicts are found. Every lock is exclusive and is held to the end of its transaction, or to the rollback of the row
 * that took it. Nobody waits here. Applying thread only.
 */
public final class LockTable {
    private final Map<String, Space> spaces = new HashMap<>();
    private final Map<Long, Held> held = new HashMap<>();
    private int keys;
    private int ranges;

    /** A key, and who holds it. */
    private static final class KeyLock {
        final Space space;
        final byte[] key;
        final long holder;

        /** Sequence of the holder's last before-image of the key, 0 for none. */
        long image;

        /** Whether a row locked the key before any changed it. */
        boolean locked;

        KeyLock(Space space, byte[] key, long holder) {
            this.space = space;
            this.key = key;
            this.holder = holder;
        }
    }

    /** Null bounds are open. */
    private record RangeLock(Space space, byte[] from, byte[] to, long holder) {
        boolean holds(byte[] key) {
            return (from == null || Arrays.compareUnsigned(from, key) <= 0)
                    && (to == null || Arrays.compareUnsigned(key, to) < 0);
        }

        boolean meets(byte[] otherFrom, byte[] otherTo) {
            boolean beginsBefore = from == null || otherTo == null || Arrays.compareUnsigned(from, otherTo) < 0;
            boolean endsBehind = to == null || otherFrom == null || Arrays.compareUnsigned(otherFrom, to) < 0;
            return beginsBefore && endsBehind;
        }
    }

    /** The locks of one keyspace. */
    private static final class Space {
        final TreeMap<byte[], KeyLock> keys = new TreeMap<>(Arrays::compareUnsigned);
        final List<RangeLock> ranges = new ArrayList<>();
    }

    /** The locks of one transaction, in the order of the rows that took them: they go from the last one down. */
    private static final class Held {
        final List<KeyLock> keys = new ArrayList<>();
        final List<RangeLock> ranges = new ArrayList<>();
    }

    /** Keys that are locked, each by itself. */
    public int keys() {
        return keys;
    }

    /** Ranges that are locked. */
    public int ranges() {
        return ranges;
    }

    /** Transactions that hold anything. */
    int holders() {
        return held.size();
    }

    /** A transaction that holds the key and is not {@code by}; 0 for none. */
    public long holder(String keyspace, byte[] key, long by) {
        Space space = keys == 0 && ranges == 0 ? null : spaces.get(keyspace);
        if (space == null) {
            return 0;
        }
        KeyLock lock = space.keys.get(key);
        if (lock != null && lock.holder != by) {
            return lock.holder;
        }
        for (RangeLock range : space.ranges) {
            if (range.holder != by && range.holds(key)) {
                return range.holder;
            }
        }
        return 0;
    }

    /**
     * The transaction that holds the first key locked in the range, or else the lowest id that holds a range which meets
     * it, and is not {@code by}; 0 for none. In no case what was locked first: that is forgotten by a restart, and a
     * conflict names its holder in a reply, which is state (rule P6).
     */
    public long holder(String keyspace, byte[] from, byte[] to, long by) {
        Space space = spaces.get(keyspace);
        if (space == null) {
            return 0;
        }
        NavigableMap<byte[], KeyLock> inside = from == null ? space.keys : space.keys.tailMap(from, true);
        for (KeyLock lock : (to == null ? inside : inside.headMap(to, false)).values()) {
            if (lock.holder != by) {
                return lock.holder;
            }
        }
        long lowest = 0;
        for (RangeLock range : space.ranges) {
            if (range.holder != by && range.meets(from, to) && (lowest == 0 || range.holder < lowest)) {
                lowest = range.holder;
            }
        }
        return lowest;
    }

    /** Whether the key has a lock of its own, a range not counted. */
    public boolean isLocked(String keyspace, byte[] key) {
        Space space = spaces.get(keyspace);
        return space != null && space.keys.containsKey(key);
    }

    /** Sequence of the last before-image that the key's holder wrote of it, 0 for none. */
    public long image(String keyspace, byte[] key) {
        Space space = spaces.get(keyspace);
        KeyLock lock = space == null ? null : space.keys.get(key);
        return lock == null ? 0 : lock.image;
    }

    /** An undo row was written, or found at open. */
    public void add(UndoRow row, long transaction, long sequence) {
        switch (row.kind()) {
            case WAS, ABSENT -> keyLock(row, transaction).image = sequence;
            case KEY -> keyLock(row, transaction).locked = true;
            case RANGE -> {
                Space space = spaces.computeIfAbsent(row.keyspace(), name -> new Space());
                RangeLock lock = new RangeLock(space, row.key(), row.to(), transaction);
                space.ranges.add(lock);
                heldBy(transaction).ranges.add(lock);
                ranges++;
            }
            case POINT -> {}
        }
    }

    private KeyLock keyLock(UndoRow row, long transaction) {
        Space space = spaces.computeIfAbsent(row.keyspace(), name -> new Space());
        KeyLock lock = space.keys.get(row.key());
        if (lock == null) {
            lock = new KeyLock(space, row.key(), transaction);
            space.keys.put(row.key(), lock);
            heldBy(transaction).keys.add(lock);
            keys++;
        }
        if (lock.holder != transaction) {
            throw new IllegalStateException(
                    "transaction " + transaction + " changes a key that transaction " + lock.holder + " holds");
        }
        return lock;
    }

    private Held heldBy(long transaction) {
        return held.computeIfAbsent(transaction, id -> new Held());
    }

    /** The transaction's last undo row is gone; a lock goes with the row that took it. */
    public void remove(UndoRow row, long transaction) {
        switch (row.kind()) {
            case WAS, ABSENT -> {
                KeyLock lock = spaces.get(row.keyspace()).keys.get(row.key());
                lock.image = row.earlier();
                if (lock.image == 0 && !lock.locked) {
                    removeLastKey(transaction, lock);
                }
            }
            case KEY ->
                removeLastKey(transaction, spaces.get(row.keyspace()).keys.get(row.key()));
            case RANGE -> {
                List<RangeLock> mine = heldBy(transaction).ranges;
                RangeLock last = mine.remove(mine.size() - 1);
                last.space.ranges.remove(last);
                ranges--;
                forgetIfEmpty(transaction);
            }
            case POINT -> {}
        }
    }

    private void removeLastKey(long transaction, KeyLock lock) {
        List<KeyLock> mine = heldBy(transaction).keys;
        if (mine.remove(mine.size() - 1) != lock) {
            throw new IllegalStateException("locks of transaction " + transaction + " are not those of its undo rows");
        }
        lock.space.keys.remove(lock.key);
        keys--;
        forgetIfEmpty(transaction);
    }

    /** Nobody releases a transaction whose locks all went with their rows, as in a rollback. */
    private void forgetIfEmpty(long transaction) {
        Held mine = held.get(transaction);
        if (mine.keys.isEmpty() && mine.ranges.isEmpty()) {
            held.remove(transaction);
        }
    }

    /** The transaction has ended: everything that it still holds is free. */
    public void release(long transaction) {
        Held mine = held.remove(transaction);
        if (mine == null) {
            return;
        }
        for (KeyLock lock : mine.keys) {
            lock.space.keys.remove(lock.key);
        }
        for (RangeLock lock : mine.ranges) {
            lock.space.ranges.remove(lock);
        }
        keys -= mine.keys.size();
        ranges -= mine.ranges.size();
    }
}
