package io.tidemark.recovery;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;

/** The log that was asked for more is of another history than the one that is followed: nothing of it was handed out. */
public final class OtherHistoryException extends TidemarkException {
    private static final long serialVersionUID = 1L;

    private final String history;

    /** @param history id of the one that the log is of */
    public OtherHistoryException(String history) {
        super(ErrorKind.CONFLICT, "the log is of history " + history);
        this.history = history;
    }

    public String history() {
        return history;
    }
}
