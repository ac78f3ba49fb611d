package io.tidemark.engine.buffer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Versions of pages that are not the newest, and who needs them: an open snapshot, or a reader that came before the entry
 * that changed the page. Guarded by the pool's lock.
 *
 * <p>A version valid for LSNs {@code from <= s < until} hangs on the newest open snapshot below {@code until}, if that is
 * not below {@code from}; when that snapshot closes, or has it in a file, it moves to the next lower one or is let go. So what no snapshot
 * needs is known at once, and each version is looked at only when a snapshot that needs it closes. What no snapshot needs
 * waits in a queue, by until, for its last reader.
 */
final class OldVersions {
    /** Some 2 MiB of pages: about a millisecond of the applying thread. */
    private static final int SPILLED_AT_ONCE = 256;

    private final VersionTable table;
    private final int max;

    /** Open snapshots, ascending by LSN. */
    private final List<SnapshotHold> open = new ArrayList<>();

    private Frame waiting;
    private Frame lastWaiting;
    private int size;
    private volatile long newestOpen = Frame.NONE - 1;

    /**
     * @param max versions to be kept; {@link #isFull} tells
     */
    OldVersions(int max) {
        this.max = max;
        this.table = new VersionTable(max);
    }

    /** LSN of the newest open snapshot, below every LSN when there is none. Any thread. */
    long newestOpen() {
        return newestOpen;
    }

    /** LSN of the oldest open snapshot, {@link Long#MAX_VALUE} when there is none. */
    long oldestOpen() {
        return open.isEmpty() ? Long.MAX_VALUE : open.get(0).lsn;
    }

    int snapshots() {
        return open.size();
    }

    int size() {
        return size;
    }

    boolean isFull() {
        return size >= max;
    }

    boolean isAnyWaiting() {
        return waiting != null;
    }

    Frame find(long pageId, long lsn) {
        return table.find(pageId, lsn);
    }

    void forEach(Consumer<Frame> visitor) {
        table.forEach(visitor);
    }

    /** The entry at {@code until} changes the page in another frame: this one is old, and still the entry's. */
    void add(Frame frame, long until) {
        frame.until = until;
        table.add(frame);
        size++;
    }

    /** The entry did not change the page after all. */
    void takeBack(Frame frame) {
        table.remove(frame);
        frame.until = Frame.CURRENT;
        size--;
    }

    /** The entry is complete: whoever needs the version gets it. */
    void settle(Frame frame) {
        SnapshotHold hold = needing(frame);
        if (hold != null) {
            hold.add(frame);
        } else {
            await(frame);
        }
    }

    /** The newest open snapshot that needs the version, or null. */
    private SnapshotHold needing(Frame frame) {
        for (int i = newestBelow(frame.until); i >= 0 && open.get(i).lsn >= frame.from; i--) {
            if (open.get(i).needs(frame)) {
                return open.get(i);
            }
        }
        return null;
    }

    private void await(Frame frame) {
        frame.listNext = null;
        if (waiting == null) {
            waiting = frame;
        } else {
            lastWaiting.listNext = frame;
        }
        lastWaiting = frame;
    }

    /** @param spill takes what memory has no room for; null where the snapshot ends instead */
    SnapshotHold open(long lsn, VersionSpill spill) {
        SnapshotHold hold = new SnapshotHold(lsn, max, spill);
        open.add(newestBelow(lsn + 1) + 1, hold);
        moved();
        return hold;
    }

    /** Ends a snapshot that is open. */
    void close(SnapshotHold hold) {
        open.remove(open.lastIndexOf(hold));
        moved();
        Frame next;
        for (Frame frame = hold.versions; frame != null; frame = next) {
            next = frame.listNext;
            settle(frame);
        }
        hold.versions = null;
    }

    /** How room was made. */
    enum Room {
        NONE,
        /** Versions went to a file. */
        SPILLED,
        /** A snapshot was ended. */
        GAVE_UP
    }

    /** Spills versions of the oldest snapshot that can, or ends the oldest that cannot. */
    Room makeRoom() {
        for (SnapshotHold hold : open) {
            if (hold.spill == null) {
                return giveUp(hold);
            }
            if (hold.versions != null) {
                return spill(hold);
            }
        }
        return Room.NONE;
    }

    private Room giveUp(SnapshotHold hold) {
        hold.tooOld();
        close(hold);
        return Room.GAVE_UP;
    }

    private Room spill(SnapshotHold hold) {
        for (int i = 0; i < SPILLED_AT_ONCE && hold.versions != null; i++) {
            Frame frame = hold.versions;
            if (!hold.spill.keep(frame)) {
                return giveUp(hold);
            }
            hold.versions = frame.listNext;
            settle(frame);
        }
        return Room.SPILLED;
    }

    /** Whether the page may change in place now: who needs it as it is has taken it over. */
    boolean putAside(Frame frame) {
        List<SnapshotHold> failed = new ArrayList<>();
        for (SnapshotHold hold : open) {
            if (hold.lsn >= frame.from && hold.spill == null) {
                return false;
            }
            if (hold.lsn >= frame.from && !hold.spill.keep(frame)) {
                failed.add(hold);
            }
        }
        failed.forEach(this::giveUp);
        return true;
    }

    /**
     * Lets go of the versions that nobody needs: no snapshot that was opened meanwhile, no reader, no pin.
     *
     * @param oldestReader no reader reads below this LSN
     * @param freed takes the frames, closed
     */
    void sweep(long oldestReader, Consumer<Frame> freed) {
        Frame pinned = null;
        while (waiting != null) {
            Frame frame = waiting;
            SnapshotHold hold = needing(frame);
            if (hold == null && frame.until > oldestReader) {
                break; // those behind it became old later
            }
            waiting = frame.listNext;
            if (hold != null) {
                hold.add(frame);
            } else if (frame.tryFree()) {
                table.remove(frame);
                size--;
                freed.accept(frame);
            } else {
                frame.listNext = pinned;
                pinned = frame;
            }
        }
        while (pinned != null) {
            Frame next = pinned.listNext;
            await(pinned);
            pinned = next;
        }
    }

    /** Index of the newest snapshot below the LSN, -1 for none. */
    private int newestBelow(long lsn) {
        int low = 0;
        int high = open.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (open.get(middle).lsn < lsn) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    private void moved() {
        newestOpen = open.isEmpty() ? Frame.NONE - 1 : open.get(open.size() - 1).lsn;
    }
}
