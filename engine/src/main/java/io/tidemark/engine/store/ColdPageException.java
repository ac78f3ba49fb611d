package io.tidemark.engine.store;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;

/**
 * A page is not on the local disk: it has to be fetched first, {@link PageStore#fetch}. {@code UNAVAILABLE}; {@code CORRUPT}
 * when what was fetched is not that page.
 */
public final class ColdPageException extends TidemarkException {
    private static final long serialVersionUID = 1L;

    private final long pageId;

    ColdPageException(long pageId, String why, Throwable cause) {
        this(ErrorKind.UNAVAILABLE, pageId, why, cause);
    }

    ColdPageException(ErrorKind kind, long pageId, String why, Throwable cause) {
        super(kind, "COLD_UNAVAILABLE: page " + pageId + " is not on the local disk: " + why, cause);
        this.pageId = pageId;
    }

    public long pageId() {
        return pageId;
    }
}
