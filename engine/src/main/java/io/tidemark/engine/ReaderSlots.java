package io.tidemark.engine;

import io.tidemark.engine.buffer.ActiveReaders;
import io.tidemark.engine.buffer.Backoff;
import io.tidemark.engine.buffer.BufferPool;
import io.tidemark.engine.buffer.SnapshotHold;
import io.tidemark.engine.store.ColdPageException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Function;

/**
 * Where readers say at which LSN they read, each in a slot of its own for one short read, and what is published for them.
 *
 * <p>Reader and writer agree without a lock, each writing its own word before it reads the other's, all of them volatile:
 *
 * <pre>
 *   reader: slot = LSN of what is published;  is the gate shut, or another boundary published?  then again
 *   writer: the gate is shut;                 is there an LSN in a slot?                        then it is opened again
 *   writer: publishes a boundary;             which is the least LSN in a slot?                 versions below it may go
 * </pre>
 *
 * So at least one of the two sees the other: no entry changes a page in place while a reader is inside, and no version
 * goes while a reader needs it. A reader waits while the gate is shut, for the length of one brief entry. The number of
 * slots bounds the frames that readers pin; when all are taken, readers wait for one another.
 */
final class ReaderSlots implements ActiveReaders {
    /** Pages that a read may miss, each of which sends it away for a moment. */
    private static final int ROUNDS_OUTSIDE = 64;

    private static final long IDLE = Long.MAX_VALUE;

    /** Taken, but by somebody who needs no version kept: a snapshot does that for him, or he still waits. */
    private static final long TAKEN = Long.MAX_VALUE - 1;

    /** Longs from one slot to the next: two cache lines, for processors fetch them in pairs. */
    private static final int STRIDE = 16;

    private final int count;
    private final AtomicLongArray lsns;
    private final Gate gate;
    private final ReadPlace[] places;
    private BufferPool pool;
    private PageCopies copies;
    private volatile boolean shut;
    private volatile Published published;

    ReaderSlots(int count, Gate gate) {
        this.count = count;
        this.gate = gate;
        this.lsns = new AtomicLongArray((count + 1) * STRIDE);
        this.places = new ReadPlace[count];
        for (int slot = 0; slot < count; slot++) {
            lsns.set(at(slot), IDLE);
        }
    }

    /** Gives the readers their pages; before the first of them comes. */
    void furnish(BufferPool ofPages) {
        pool = ofPages;
        copies = new PageCopies(pool.pageBytes());
        for (int slot = 0; slot < count; slot++) {
            places[slot] = new ReadPlace(slot, pool);
        }
    }

    PageCopies copies() {
        return copies;
    }

    Published published() {
        return published;
    }

    /** The entry is complete: readers from now on see it, and may come in. */
    void publish(Published boundary) {
        published = boundary;
        shut = false;
    }

    /** Lets readers in again after an entry that failed; they find that the engine has. */
    void letIn() {
        shut = false;
    }

    /** A place at the newest boundary, until {@link #exit}. */
    ReadPlace enter() {
        Published boundary = published;
        int slot = claim(boundary.lsn());
        for (int round = 0; shut || published != boundary; round++) {
            lsns.set(at(slot), TAKEN);
            awaitOpen(slot);
            boundary = published;
            lsns.set(at(slot), boundary.lsn());
        }
        return placed(slot, boundary, null);
    }

    /** A place at the boundary of an open snapshot, until {@link #exit}. */
    ReadPlace enter(Published boundary, SnapshotHold hold) {
        return placed(claim(TAKEN), boundary, hold);
    }

    /**
     * Reads at the newest boundary. Where a page has to be fetched the reader leaves, and reads again once it is here: an
     * entry may have to wait for a reader, and must not wait for S3 with him. A read that needs page after page stays in the
     * end.
     */
    <T> T read(Function<ReadPlace, T> reading) {
        for (int round = 0; ; round++) {
            ReadPlace place = enter();
            try {
                if (round == ROUNDS_OUTSIDE) {
                    place.pages.waitForPages();
                }
                return reading.apply(place);
            } catch (ColdPageException e) {
                if (round == ROUNDS_OUTSIDE) {
                    throw e;
                }
                place = left(place);
                pool.fetch(e.pageId());
            } finally {
                if (place != null) {
                    exit(place);
                }
            }
        }
    }

    /** As {@link ReadPlace#getInto}, at the newest boundary; the way without an object for it, while no page has to be fetched. */
    int getInto(String tree, byte[] key, ByteBuffer target) {
        ReadPlace place = enter();
        try {
            return place.getInto(tree, key, target);
        } catch (ColdPageException e) {
            place = left(place);
            return read(again -> again.getInto(tree, key, target));
        } finally {
            if (place != null) {
                exit(place);
            }
        }
    }

    private ReadPlace left(ReadPlace place) {
        exit(place);
        return null;
    }

    void exit(ReadPlace place) {
        lsns.setRelease(at(place.slot), IDLE);
    }

    private ReadPlace placed(int slot, Published boundary, SnapshotHold hold) {
        if (!gate.isOpen()) {
            lsns.set(at(slot), IDLE);
            gate.requireOpen();
        }
        ReadPlace place = places[slot];
        place.moveTo(boundary, hold);
        return place;
    }

    private int claim(long lsn) {
        int slot = (int) (((Thread.currentThread().getId() * 0x9E3779B97F4A7C15L) >>> 33) % count);
        for (int tries = 0; !lsns.compareAndSet(at(slot), IDLE, lsn); tries++) {
            slot = slot + 1 == count ? 0 : slot + 1;
            if (tries >= count) {
                gate.requireOpen();
                Backoff.pause(tries);
            }
        }
        return slot;
    }

    private void awaitOpen(int slot) {
        for (int round = 0; shut; round++) {
            if (!gate.isOpen()) {
                lsns.set(at(slot), IDLE);
                gate.requireOpen();
            }
            Backoff.pause(round);
        }
    }

    @Override
    public long oldestLsn() {
        Published boundary = published;
        long oldest = boundary == null ? Long.MIN_VALUE : boundary.lsn();
        for (int slot = 0; slot < count; slot++) {
            oldest = Math.min(oldest, lsns.get(at(slot)));
        }
        return oldest;
    }

    @Override
    public boolean shutOutIfNone() {
        shut = true;
        for (int slot = 0; slot < count; slot++) {
            if (lsns.get(at(slot)) < TAKEN) {
                shut = false;
                return false;
            }
        }
        return true;
    }

    @Override
    public void shutOut() {
        shut = true;
        awaitBelow(TAKEN);
    }

    /** Waits until all have left; the gate is closed, so that nobody comes in. */
    void awaitNobody() {
        awaitBelow(IDLE);
    }

    private void awaitBelow(long value) {
        for (int slot = 0; slot < count; slot++) {
            for (int round = 0; lsns.get(at(slot)) < value; round++) {
                Backoff.pause(round);
            }
        }
    }

    /** Pins that readers have taken. */
    long pinned() {
        long pinned = 0;
        for (ReadPlace place : places) {
            pinned += place.pages.pinned();
        }
        return pinned;
    }

    private static int at(int slot) {
        return (slot + 1) * STRIDE;
    }
}
