package io.tidemark.raft.batch;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;

/** A write was refused because a limit of this node is reached (rule M5). Nothing happened; it drains by itself. */
public final class LimitException extends TidemarkException {
    private static final long serialVersionUID = 1L;

    private final boolean momentary;

    /** @param momentary true when the limit passes within moments, false when S3 or disk space must come back first */
    public LimitException(String message, boolean momentary) {
        super(momentary ? ErrorKind.RETRY : ErrorKind.UNAVAILABLE, message);
        this.momentary = momentary;
    }

    public boolean momentary() {
        return momentary;
    }
}
