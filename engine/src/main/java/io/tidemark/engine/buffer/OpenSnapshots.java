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
        lock.lock();
        try {
            return versions.open(lsn);
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

    /** Ends the oldest snapshot; false when none is open. */
    boolean giveUpOldest() {
        lock.lock();
        try {
            boolean gaveUp = versions.giveUpOldest();
            if (gaveUp) {
                tooOld.inc();
                sweep();
            }
            return gaveUp;
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
