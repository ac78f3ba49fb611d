package io.tidemark.engine.standalone;

import io.tidemark.engine.log.Precondition;
import io.tidemark.engine.log.Version;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which keys a transaction has read, in which version, and which it holds: so that a write to a key that somebody changed
 * after it was read becomes a conflict instead of a lost update. One thread at a time.
 */
final class KeyHistory {
    /** Keys whose versions are remembered; further ones have to be locked by whoever reads them. */
    static final int READS_MAX = 1 << 16;

    private record Place(String keyspace, ByteBuffer key) {
        static Place of(String keyspace, byte[] key) {
            return new Place(keyspace, ByteBuffer.wrap(key.clone()));
        }
    }

    private final Map<Place, Version> reads = new HashMap<>();

    /** Keys that the transaction holds, with the number of the operation that took them first. */
    private final Map<Place, Long> held = new HashMap<>();

    /** Savepoints, with the number of operations before them. */
    private final TreeMap<Long, Long> savepoints = new TreeMap<>();

    private long operations;

    /** Whether another key can be remembered. */
    boolean hasRoom() {
        return reads.size() < READS_MAX;
    }

    /** The version found, {@link Version#NONE} for none; the first one counts. */
    void read(String keyspace, byte[] key, Version version) {
        Place place = Place.of(keyspace, key);
        if (!held.containsKey(place)) {
            reads.putIfAbsent(place, version);
        }
    }

    void hold(String keyspace, byte[] key) {
        held.putIfAbsent(Place.of(keyspace, key), ++operations);
    }

    /** What must hold for the transaction to change the key. */
    Precondition condition(String keyspace, byte[] key) {
        Place place = Place.of(keyspace, key);
        Version read = held.containsKey(place) ? null : reads.get(place);
        if (read == null) {
            return Precondition.NONE;
        }
        return read.equals(Version.NONE) ? Precondition.ABSENT : new Precondition.VersionIs(read);
    }

    void savepoint(long position) {
        savepoints.put(position, operations);
    }

    /** What was taken after the savepoint is free again. */
    void rolledBackTo(long position) {
        long then = savepoints.get(position);
        savepoints.tailMap(position, false).clear();
        held.values().removeIf(operation -> operation > then);
    }
}
