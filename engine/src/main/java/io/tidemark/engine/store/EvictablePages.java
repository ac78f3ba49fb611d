package io.tidemark.engine.store;

import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.engine.store.PageTable.Row;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * Pages that may leave the local disk, as {@link ColdPages} has them too (rules P1, P2). A page that leaves is first {@link
 * #leave named}, at an entry boundary, while it has no change that is not on disk: an entry that changes it from then on
 * brings its image back by {@link PageStore#admit} before its own block is in the log. One thread evicts.
 */
public interface EvictablePages {
    /** Places that images take on the local disk, and bytes of each. */
    int slotsInUse();

    int pageBytes();

    /** All page ids with a row are below. */
    long pageIds();

    /**
     * Some pages that nobody read lately, in the order of a hand that goes around over all page ids: leaves and parts of
     * large values. A page that was used since the hand was there is passed over once.
     *
     * @param max rows at most
     * @param steps pages that the hand passes at most
     * @param lsnMax no page of a later entry
     * @param kept pages to be passed over
     */
    List<Row> coldest(int max, int steps, long lsnMax, LongPredicate kept);

    /** Those rows that may leave: the checkpoint lists them. May ask the source. */
    List<Row> listed(Checkpoint at, List<Row> rows);

    /** Names a page that leaves. */
    void leave(long pageId);

    /** Turns the rows of pages that still leave to EVICTED, durably, and frees their slots; how many. */
    int evict(List<Row> rows);

    /** Images that were fetched to be read again, for {@link PageStore#admit}; at most so many. */
    List<PageImage> takeFetched(int max);

    /** How many wait there. */
    int fetchedWaiting();

    /** Pages that came back since the store was opened. */
    long admitted();
}
