package io.tidemark.engine.error;

/** What the caller must do about a {@link TidemarkException}. */
public enum ErrorKind {
    /** Nothing happened; the same request may succeed later. */
    RETRY,
    /** A precondition did not hold, or another writer came first; read again and decide. */
    CONFLICT,
    /** The request can never succeed as it is; correct it. */
    INVALID,
    /** What was asked for does not exist. */
    NOT_FOUND,
    /** A part the request needs (a leader, a quorum, S3, disk space) is away; it may come back. */
    UNAVAILABLE,
    /** The request may or may not have been applied; only reading can tell. */
    OUTCOME_UNKNOWN,
    /** The snapshot's old page versions did not fit the memory set aside for them; open a new one, or raise that limit. */
    SNAPSHOT_TOO_OLD,
    /** Stored bytes are not what was written; rebuild from a good copy. */
    CORRUPT,
    /** This process can no longer be believed and stops. */
    FATAL
}
