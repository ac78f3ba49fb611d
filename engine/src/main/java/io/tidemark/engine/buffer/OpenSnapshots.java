package io.tidemark.engine.buffer;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** The snapshots that are open, and the old versions that are kept for them and for readers. Thread-safe. */
public final class OpenSnapshots {
    private final ReentrantLock lock;
    private final OldVersions versions;
    private final ActiveReaders readers;
    private final Consumer<Frame> giveBack;
    private final Counter tooOld;

    /**
     * @param lock of the pool
     * @param giveBack takes frames that hold no version any more, under the lock
     */
    OpenSnapshots(
            ReentrantLock lock,
            OldVersions versions,
            ActiveReaders readers,
            Consumer<Frame> giveBack,
            MetricRegistry metrics) {
        this.lock = lock;
        this.versions = versions;
        this.readers = readers;
        this.giveBack = giveBack;
        this.tooOld = metrics.counter("engine.snapshots.too.old");
        metrics.gauge("engine.snapshots.open", () -> this::count);
        metrics.gauge("engine.pool.old.versions", () -> this::oldVersions);
    }

    /** Keeps the versions of this LSN, at which the caller is an active reader. */
    public SnapshotHold open(long lsn) {
        return open(lsn, null);
    }

    /**
     * The same, for a snapshot that does not end when memory is short.
     *
     * @param spill takes versions then
     */
    public SnapshotHold open(long lsn, VersionSpill spill) {
        lock.lock();
        try {
            return versions.open(lsn, spill);
        } finally {
            lock.unlock();
        }
    }

    /** Lets go of what only this snapshot needs; closing twice does no harm. */
    public void close(SnapshotHold hold) {
        lock.lock();
        try {
            if (hold.isOpen()) {
                hold.closed();
                versions.close(hold);
                sweep();
            }
        } finally {
            lock.unlock();
        }
    }

    /** LSN of the oldest open snapshot, {@link Long#MAX_VALUE} when there is none. */
    public long oldestLsn() {
        lock.lock();
        try {
            return versions.oldestOpen();
        } finally {
            lock.unlock();
        }
    }

    /** LSN of the newest open snapshot, below every LSN when there is none. */
    long newestLsn() {
        return versions.newestOpen();
    }

    private int count() {
        lock.lock();
        try {
            return versions.snapshots();
        } finally {
            lock.unlock();
        }
    }

    /** Frames of versions that are not the newest. */
    public int oldVersions() {
        lock.lock();
        try {
            return versions.size();
        } finally {
            lock.unlock();
        }
    }

    /** Whether one more version may be kept; lets go of those that nobody needs. */
    boolean haveRoom() {
        lock.lock();
        try {
            if (versions.isFull()) {
                sweep();
            }
            return !versions.isFull();
        } finally {
            lock.unlock();
        }
    }

    /** Spills versions of a snapshot, or ends the oldest; false when there is nothing to be had. */
    boolean makeRoom() {
        lock.lock();
        try {
            OldVersions.Room room = versions.makeRoom();
            if (room == OldVersions.Room.GAVE_UP) {
                tooOld.inc();
            }
            if (room != OldVersions.Room.NONE) {
                sweep();
            }
            return room != OldVersions.Room.NONE;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives a page that is about to change in place to every snapshot that spills and needs it: memory is full of versions
     * that the entry in flight has made. False when another snapshot needs it.
     */
    boolean putAside(Frame frame) {
        lock.lock();
        try {
            return versions.putAside(frame);
        } finally {
            lock.unlock();
        }
    }

    /** Lets go of the versions that nobody needs any more. */
    void letGo() {
        lock.lock();
        try {
            if (versions.isAnyWaiting()) {
                sweep();
            }
        } finally {
            lock.unlock();
        }
    }

    private void sweep() {
        versions.sweep(readers.oldestLsn(), giveBack);
    }
}
