package io.tidemark.engine.log;

import java.nio.ByteBuffer;
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
        REFUSED,
        /** An open transaction holds what the command touches; nothing changed. Payload: its id, 8 bytes. */
        CONFLICT,
        /** The transaction does not exist, or has ended; nothing changed. */
        NO_TRANSACTION,
        /** A limit of transactions is reached; nothing changed. Payload: the limit, 8 bytes. */
        LIMIT
    }

    public static Reply of(Status status, Version version) {
        return new Reply(status, version, EMPTY);
    }

    /** With a payload of 8 bytes, big-endian. */
    public static Reply of(Status status, Version version, long number) {
        return new Reply(
                status, version, ByteBuffer.allocate(Long.BYTES).putLong(number).array());
    }

    /** The payload of 8 bytes. */
    public long number() {
        return ByteBuffer.wrap(payload).getLong();
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
