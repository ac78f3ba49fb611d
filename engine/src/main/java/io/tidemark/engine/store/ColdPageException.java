package io.tidemark.engine.store;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;

/**
 * A page is not on the local disk: it has to be fetched first, {@link PageStore#fetch}. {@code UNAVAILABLE}; {@code CORRUPT}
 * when what was fetched is not that page. One that was given up, {@link #isGivenUp}, never comes: others may have it, this
 * store has to be made anew.
 */
public final class ColdPageException extends TidemarkException {
    private static final long serialVersionUID = 1L;

    private final long pageId;
    private final boolean givenUp;

    ColdPageException(long pageId, String why, Throwable cause) {
        this(ErrorKind.UNAVAILABLE, pageId, why, cause);
    }

    ColdPageException(ErrorKind kind, long pageId, String why, Throwable cause) {
        this(kind, pageId, why, cause, false);
    }

    private ColdPageException(ErrorKind kind, long pageId, String why, Throwable cause, boolean givenUp) {
        super(kind, "COLD_UNAVAILABLE: page " + pageId + " is not on the local disk: " + why, cause);
        this.pageId = pageId;
        this.givenUp = givenUp;
    }

    static ColdPageException givenUp(long pageId, TidemarkException cause) {
        return new ColdPageException(ErrorKind.UNAVAILABLE, pageId, cause.getMessage(), cause, true);
    }

    public long pageId() {
        return pageId;
    }

    public boolean isGivenUp() {
        return givenUp;
    }
}
