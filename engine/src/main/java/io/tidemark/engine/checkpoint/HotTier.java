package io.tidemark.engine.checkpoint;

import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.engine.buffer.BufferPool;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.store.EvictablePages;
import io.tidemark.engine.store.PageImage;
import io.tidemark.engine.store.PageStore;
import io.tidemark.engine.store.PageTable.Row;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the pages on the local disk within a budget: has those leave that the newest checkpoint outside has too and that
 * nobody used lately, and gives slots to what was fetched to be used again (rules P2, CT1). Pages of the system's trees
 * stay. Takes steps when it is told to; one thread. Changes no page.
 */
public final class HotTier {
    private static final Logger LOG = LoggerFactory.getLogger(HotTier.class);

    /** Pages that leave, or come back, by one commit. */
    static final int BATCH_PAGES = 512;

    /** Pages that the hand passes in one step at most. */
    private static final int STEPS_MAX = 1 << 16;

    /** Images that wait are worth a step when they are so many; while pages leave, they go along in any number. */
    private static final int WORTH_A_STEP = 64;

    /** Pages go until the budget has a little room: the share of it that is kept free. */
    private static final int SLACK = 16;

    private final BufferPool pool;
    private final PageStore store;
    private final EvictablePages pages;
    private final Lock entryBoundary;
    private final LongSupplier durable;
    private final Supplier<BitSet> systemPages;
    private final long slotsMax;

    /** The newest checkpoint that the log has told of, and the LSN at which it did. */
    private volatile Known known = new Known(Checkpoint.NONE, -1);

    /** The newest whose entry is durable here: pages leave by it alone. */
    private Checkpoint usable = Checkpoint.NONE;

    private BitSet kept = new BitSet();

    /** Pages that the hand has passed since one of them could leave. */
    private long fruitless;

    /** Whether all that changed up to the usable checkpoint was on disk when the hand began to look. */
    private boolean flushed;

    /**
     * Nothing can leave before there is another checkpoint than this one, or all that changed up to it is on disk where it was
     * not, or more pages than these have come back.
     */
    private volatile Exhausted exhausted = new Exhausted(-1, false, 0);

    /** The source could not be asked. */
    private volatile boolean sourceAway;

    private record Exhausted(long checkpoint, boolean flushed, long admitted) {}

    private record Known(Checkpoint checkpoint, long toldAt) {}

    /**
     * @param entryBoundary while it is held no entry is in flight
     * @param durable greatest LSN that local files alone bring back
     * @param systemPages leaves of the trees that never leave, at the newest entry
     * @param bytes budget of page bytes; 0 for none
     */
    public HotTier(
            BufferPool pool,
            PageStore store,
            Lock entryBoundary,
            LongSupplier durable,
            Supplier<BitSet> systemPages,
            long bytes) {
        this.pool = pool;
        this.store = store;
        this.pages = store.evictable().orElse(null);
        this.entryBoundary = entryBoundary;
        this.durable = durable;
        this.systemPages = systemPages;
        this.slotsMax = bytes / pool.pageBytes();
    }

    /** The entry at this LSN has told of this checkpoint, or it stands in the state of a store just opened. */
    public void told(Checkpoint checkpoint, long lsn) {
        if (checkpoint.lsn() != known.checkpoint.lsn()) {
            store.coldPagesAt(checkpoint);
            known = new Known(checkpoint, lsn);
        }
    }

    /** Whether it was this entry that told of the newest checkpoint, and pages will leave by it once it is durable. */
    public boolean wasTold(long lsn) {
        return slotsMax > 0 && known.toldAt == lsn;
    }

    /** Whether {@link #step} would do something; cheap. */
    public boolean isDue() {
        if (pages == null) {
            return false;
        }
        return pages.fetchedWaiting() >= WORTH_A_STEP || isOver();
    }

    /** Whether pages leave this store at all, or come back. */
    public boolean isActive() {
        return pages != null;
    }

    /** Whether there is something that is not worth a step while others wait. */
    public boolean hasRest() {
        return pages != null && pages.fetchedWaiting() > 0;
    }

    /** Whether a step ended because the source could not be asked; the next should not follow at once. */
    public boolean isSourceAway() {
        return sourceAway;
    }

    private boolean isOver() {
        Known now = known;
        return slotsMax > 0
                && pages.slotsInUse() > slotsMax
                && now.checkpoint.lsn() >= 0
                && !isExhausted(now.checkpoint)
                && durable.getAsLong() >= now.toldAt;
    }

    private boolean isExhausted(Checkpoint at) {
        Exhausted then = exhausted;
        return then.checkpoint == at.lsn() && then.flushed == isFlushed(at) && then.admitted == pages.admitted();
    }

    private boolean isFlushed(Checkpoint at) {
        return store.checkpoint().redoStart() > at.lsn();
    }

    /** Gives slots to some of what was fetched, and has some pages leave; how many did. */
    public int step() {
        if (pages == null) {
            return 0;
        }
        List<PageImage> back = pages.takeFetched(BATCH_PAGES);
        if (!back.isEmpty()) {
            store.admit(back);
        }
        return isOver() ? evict((int) Math.min(BATCH_PAGES, pages.slotsInUse() - slotsMax + slotsMax / SLACK)) : 0;
    }

    /** Has up to so many pages leave, whatever the budget; for tests that evict at random too. */
    public int evict(int max) {
        Known now = known;
        if (pages == null || now.checkpoint.lsn() < 0 || durable.getAsLong() < now.toldAt) {
            return 0;
        }
        boolean nowFlushed = isFlushed(now.checkpoint);
        if (usable.lsn() != now.checkpoint.lsn() || flushed != nowFlushed) {
            usable = now.checkpoint;
            flushed = nowFlushed;
            kept = systemPages.get();
            fruitless = 0;
        }
        List<Row> found = candidates(max);
        return found.isEmpty() ? 0 : pages.evict(leaving(listed(found)));
    }

    /** Rule P2: what the directory does not list exactly so stays. */
    private List<Row> listed(List<Row> rows) {
        try {
            List<Row> listed = pages.listed(usable, rows);
            sourceAway = false;
            return listed;
        } catch (TidemarkException e) {
            if (e.kind() == ErrorKind.FATAL) {
                throw e;
            }
            if (!sourceAway) {
                sourceAway = true;
                LOG.warn("pages stay on the local disk, past its budget, for now: {}", e.getMessage());
            }
            return List.of();
        }
    }

    private List<Row> candidates(int max) {
        long ids = pages.pageIds();
        int steps = (int) Math.min(STEPS_MAX, 2 * ids);
        List<Row> found = pages.coldest(max, steps, usable.lsn(), this::stays);
        fruitless = found.isEmpty() ? fruitless + steps : 0;
        if (fruitless > 5 * ids) { // a page is passed over four times at most before it goes
            exhausted = new Exhausted(usable.lsn(), flushed, pages.admitted());
            fruitless = 0;
        }
        return found;
    }

    /** A page with a change that is not on disk cannot leave: who looked for it again and again would never rest. */
    private boolean stays(long pageId) {
        return kept.get((int) pageId) || pool.wasUsed(pageId) || pool.isUnclean(pageId);
    }

    /** At a boundary, for the next entry must see what leaves. What has a change that is not on disk stays. */
    private List<Row> leaving(List<Row> rows) {
        List<Row> leaving = new ArrayList<>(rows.size());
        entryBoundary.lock();
        try {
            for (Row row : rows) {
                if (!pool.isUnclean(row.pageId())) {
                    pages.leave(row.pageId());
                    leaving.add(row);
                }
            }
        } finally {
            entryBoundary.unlock();
        }
        return leaving;
    }
}
