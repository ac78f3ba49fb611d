package io.tidemark.recovery;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;

/**
 * The engine has every entry up to the mark, and its pages are not those of the leader that shipped the last of them. One
 * of the two has changed other bytes than the log says; who, other nodes can tell (rule C1).
 */
public final class ChainMismatchException extends TidemarkException {
    private static final long serialVersionUID = 1L;

    private final long mark;

    ChainMismatchException(String message, long mark) {
        super(ErrorKind.CORRUPT, message);
        this.mark = mark;
    }

    /** S3 has every entry up to here, by the newest manifest. */
    public long mark() {
        return mark;
    }
}
