package io.tidemark.raft.guard;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;

/**
 * This node's files lack something that it has promised the others to have, or hold what is damaged: it must not go on with
 * them. Nothing is wrong with the node itself; with other files it may come back, as a new incarnation (rule L5).
 */
public final class UnfitException extends TidemarkException {
    private static final long serialVersionUID = 1L;

    public UnfitException(String message) {
        super(ErrorKind.CORRUPT, message);
    }

    /** Because of damage that was found. */
    public UnfitException(String message, Throwable cause) {
        super(ErrorKind.CORRUPT, message, cause);
    }
}
