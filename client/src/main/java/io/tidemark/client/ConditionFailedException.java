package io.tidemark.client;

/** The precondition of a write did not hold: nothing was changed. Kind {@link Kind#CONFLICT}. */
public final class ConditionFailedException extends TidemarkClientException {
    private static final long serialVersionUID = 1L;

    private final long foundLsn;
    private final int foundIndex;

    public ConditionFailedException(String message, Version found) {
        super(Kind.CONFLICT, message);
        this.foundLsn = found.lsn();
        this.foundIndex = found.index();
    }

    /** The version that the key had instead; {@link Version#NONE} when it did not exist. */
    public Version found() {
        return new Version(foundLsn, foundIndex);
    }
}
