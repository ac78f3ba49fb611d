package io.tidemark.engine;

import io.tidemark.engine.StorageEngine.Row;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The states of the past that open snapshots hold, by LSN. Thread-safe. */
final class HeldStates {
    private final TreeMap<Long, List<OpenSnapshot>> snapshots = new TreeMap<>();

    synchronized void add(OpenSnapshot snapshot) {
        snapshots.computeIfAbsent(snapshot.lsn(), lsn -> new ArrayList<>()).add(snapshot);
    }

    synchronized void remove(OpenSnapshot snapshot) {
        List<OpenSnapshot> ofLsn = snapshots.get(snapshot.lsn());
        if (ofLsn != null && ofLsn.remove(snapshot) && ofLsn.isEmpty()) {
            snapshots.remove(snapshot.lsn());
        }
    }

    /** A snapshot that holds exactly this state. */
    synchronized Optional<OpenSnapshot> at(long lsn) {
        return Optional.ofNullable(snapshots.get(lsn)).map(ofLsn -> ofLsn.get(0));
    }

    /**
     * The record as it was committed at this LSN; see {@link StorageEngine#read(String, byte[], long)}.
     *
     * @param newest opens the newest state
     */
    Optional<Row> read(String keyspace, byte[] key, long lsn, long applied, Supplier<Snapshot> newest) {
        if (lsn > applied) {
            throw new TidemarkException(
                    ErrorKind.RETRY, "LSN " + lsn + " is not applied yet; this engine is at " + applied);
        }
        Optional<OpenSnapshot> snapshot = at(lsn);
        if (snapshot.isPresent()) {
            return snapshot.get().get(keyspace, key);
        }
        try (Snapshot now = newest.get()) {
            if (now.lsn() == lsn) {
                return now.get(keyspace, key);
            }
        }
        throw new TidemarkException(
                ErrorKind.SNAPSHOT_TOO_OLD,
                "the state at LSN " + lsn + " is not held: the engine is at " + applied + " and " + describe());
    }

    /** The LSNs that are held, for a message. */
    synchronized String describe() {
        return snapshots.isEmpty() ? "no snapshot is open" : "snapshots are open at " + snapshots.keySet();
    }
}
