package io.tidemark.engine.log;

import java.util.Arrays;

/**
 * The answer to one command, a function of the log alone.
 *
 * @param version for OK the command's own version; for CONDITION_FAILED the version found ({@link Version#NONE}: absent);
 *     for a REFUSED advance the shipped mark as (lsn, 0)
 * @param payload what the operation says it answers; empty otherwise
 */
public record Reply(Status status, Version version, byte[] payload) {
    private static final byte[] EMPTY = {};

    /** The code is part of the session table's format. */
    public enum Status {
        OK,
        NOT_FOUND,
        CONDITION_FAILED,
        /** The session does not exist, has expired, or the sequence lies below its window: not applied now. */
        OUTCOME_UNKNOWN,
        /** A command of the cluster itself came too late; nothing changed. */
        REFUSED
    }

    public static Reply of(Status status, Version version) {
        return new Reply(status, version, EMPTY);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Reply r
                && status == r.status
                && version.equals(r.version)
                && Arrays.equals(payload, r.payload);
    }

    @Override
    public int hashCode() {
        return 31 * version.hashCode() + status.hashCode();
    }
}
