package io.tidemark.daemon.http;

/** Names of the headers that Tidemark adds to HTTP. */
final class Headers {
    /** LSN of the write, or of the state that was read. */
    static final String LSN = "Tidemark-Lsn";
    /** The leader's host:port, where writes go straight. */
    static final String LEADER = "Tidemark-Leader";
    /** The kind of an error, as in its body. */
    static final String ERROR = "Tidemark-Error";
    /** Set between daemons: do not forward again. */
    static final String FORWARDED = "Tidemark-Forwarded";

    /** The open transaction that a request is part of. */
    static final String TRANSACTION = "Tidemark-Transaction";

    static final String SESSION = "Tidemark-Session";
    static final String SEQUENCE = "Tidemark-Sequence";
    static final String REPLIED_THROUGH = "Tidemark-Replied-Through";

    private Headers() {}
}
