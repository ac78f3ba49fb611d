package io.tidemark.client;

/** Why a request failed: {@link #kind()} says what the caller must do, the message holds the values that explain it. */
public class TidemarkClientException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The kinds a daemon answers with; the names are part of the protocol. */
    public enum Kind {
        /** Nothing happened; the same request may succeed later. */
        RETRY,
        /** A precondition did not hold; read again and decide. */
        CONFLICT,
        /** The request can never succeed as it is; correct it. */
        INVALID,
        /** What was asked for does not exist. */
        NOT_FOUND,
        /** No node could take the request in time, and nothing happened; it may come back. */
        UNAVAILABLE,
        /** The request may or may not have been applied; only reading can tell. */
        OUTCOME_UNKNOWN,
        /** The write is done by a majority of nodes, and S3 did not have it in time; it will be shipped, do not repeat it. */
        NOT_IN_S3,
        /** Stored bytes are not what was written. */
        CORRUPT,
        /** The daemon can no longer be believed and stops; ask another. */
        FATAL
    }

    private final Kind kind;

    public TidemarkClientException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public TidemarkClientException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
