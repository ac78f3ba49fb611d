package io.tidemark.client;

/** When a write counts as done for its caller (rule M6). */
public enum Ack {
    /** A majority of nodes has it on disk. */
    QUORUM,
    /**
     * S3 has it too, and everything before it: it survives the loss of all nodes. Takes as long as a segment needs to get
     * there; when that is longer than the request's time-out, {@link NotInS3Exception} says that the write is done.
     */
    S3
}
