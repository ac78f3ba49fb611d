package io.tidemark.engine.standalone;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;

/** Another transaction holds what was asked for, or has changed what was read; take everything back and try again. */
public final class ConflictException extends TidemarkException {
    private static final long serialVersionUID = 1L;

    private final long holder;

    /** @param holder the transaction that holds it, 0 when it has ended */
    ConflictException(String message, long holder) {
        super(ErrorKind.CONFLICT, message);
        this.holder = holder;
    }

    /** The transaction in the way, 0 when it has ended already. */
    public long holder() {
        return holder;
    }
}
