package io.tidemark.client;

/** Which state a read sees. */
public enum Consistency {
    /** Every write acknowledged before the read began, whoever made it. */
    LINEARIZABLE,
    /** What the node that is asked has applied; it may lag. */
    LOCAL
}
