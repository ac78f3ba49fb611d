package io.tidemark.engine.checkpoint;

import io.tidemark.engine.btree.TreePages;
import io.tidemark.engine.store.PageStore;
import java.util.ArrayList;
import java.util.List;

/**
 * Brings the pages that a store began without to the local disk (rule CT5): the inner pages first, which lead to all others and
 * do not leave again, then the rest in the order of their ids, as long as the budget has room. Pages leave while the disk is
 * over its budget, until a sixteenth of it is free; filling ends while an eighth is: so neither undoes what the other did.
 * Changes no page. Takes steps when it is told to; one thread.
 */
public final class Filling {
    /** Pages that come by one step and one flush: 4 MiB of pages of 8 KiB. */
    public static final int STEP_PAGES = 512;

    private static final int FREE_SHARE = 8;

    private final PageStore store;
    private final int pageBytes;
    private final long slotsMax;
    private boolean innerAreHere;
    private long hand;

    /** @param bytes budget of page bytes; 0 for none */
    public Filling(PageStore store, int pageBytes, long bytes) {
        this.store = store;
        this.pageBytes = pageBytes;
        this.slotsMax = bytes / pageBytes;
    }

    /** Whether pages are missing that there is room for; cheap. */
    public boolean isDue() {
        return store.beganCold() && store.coldPages() > 0 && room() > 0;
    }

    private long room() {
        return slotsMax == 0 ? STEP_PAGES : slotsMax - slotsMax / FREE_SHARE - store.slotsInUse();
    }

    /**
     * Brings some pages. Throws what fetching throws; the next step then goes on behind the pages that could not be had, and
     * comes to them again when it has been round.
     *
     * @param max pages at most, but for the inner ones, which come together
     * @return how many came, 0 when there is nothing to be done
     */
    public long step(int max) {
        if (!isDue()) {
            return 0;
        }
        long before = store.coldPages();
        if (!innerAreHere) {
            TreePages.bringInner(store, pageBytes);
            innerAreHere = true;
            return Math.max(1, before - store.coldPages());
        }
        List<Long> next = new ArrayList<>();
        long wanted = Math.min(Math.min(max, STEP_PAGES), room());
        long ids = store.pages();
        for (long looked = 0; looked < ids && next.size() < wanted; looked++) {
            if (store.isCold(hand)) {
                next.add(hand);
            }
            hand = hand + 1 >= ids ? 0 : hand + 1;
        }
        store.bring(next);
        return next.size();
    }
}
