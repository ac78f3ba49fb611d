package io.tidemark.engine;

import io.tidemark.engine.StorageEngine.State;
import io.tidemark.engine.store.PageImage;
import java.util.function.Consumer;

/**
 * The pages of the store at exactly one LSN, and which of them have changed since another: a function of the state alone
 * (rule CT2), so every node at that LSN gives the same bytes. Applying goes on meanwhile; pages that change before they
 * are read are kept in memory or, where that is short, in the scratch file.
 *
 * <p>Page ids are never taken back: a page that was freed is a page like any other, its bytes part of the state (the free
 * list runs through them).
 *
 * <p>One thread. {@code SNAPSHOT_TOO_OLD} when the scratch file could not be written and memory was short; {@code
 * UNAVAILABLE} after the engine's close.
 */
public interface PageCut extends AutoCloseable {
    /** The facts at the cut's LSN. */
    State state();

    /** LSN of the last entry in it. */
    default long lsn() {
        return state().applied();
    }

    int pageBytes();

    /** Page ids ever given out: each below has a page. */
    long pageIds();

    /**
     * Hands out the pages whose LSN is above the base, ids ascending, their CRC set.
     *
     * @param visitor may use the image's bytes until it returns
     */
    void forEachChanged(Consumer<PageImage> visitor);

    /** Lets the old pages go; closing twice does no harm. */
    @Override
    void close();
}
