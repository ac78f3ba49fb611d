package io.tidemark.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

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

    /** The LSNs that are held, for a message. */
    synchronized String describe() {
        return snapshots.isEmpty() ? "no snapshot is open" : "snapshots are open at " + snapshots.keySet();
    }
}
