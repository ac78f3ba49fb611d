package io.tidemark.daemon.http;

/** Names of the headers that Tidemark adds to HTTP. */
final class Headers {
    /** LSN of the write, or of the state that was read. */
    static final String LSN = "Tidemark-Lsn";
    /** The leader's host:port, where writes go straight. */
    static final String LEADER = "Tidemark-Leader";
    /** The kind of an error, as in its body. */
    static final String ERROR = "Tidemark-Error";
    /** The history that the log of the node is of, where another was asked for. */
    static final String HISTORY = "Tidemark-History";
    /** Set between daemons: do not forward again. */
    static final String FORWARDED = "Tidemark-Forwarded";

    /** In a request: what a write is answered by, {@code quorum} or {@code s3}. In the answer: which of them it reached. */
    static final String ACK = "Tidemark-Ack";
    /** How long to wait for S3. */
    static final String ACK_MILLIS = "Tidemark-Ack-Millis";
    /** S3 has every entry up to here, as far as the node that answers knows. */
    static final String SHIPPED = "Tidemark-Shipped";

    /** The open transaction that a request is part of. */
    static final String TRANSACTION = "Tidemark-Transaction";

    static final String SESSION = "Tidemark-Session";
    static final String SEQUENCE = "Tidemark-Sequence";
    static final String REPLIED_THROUGH = "Tidemark-Replied-Through";

    private Headers() {}
}
