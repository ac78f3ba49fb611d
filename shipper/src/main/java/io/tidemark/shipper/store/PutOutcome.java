package io.tidemark.shipper.store;

/** How a create-if-absent ended. */
public enum PutOutcome {
    /** This call created the object. */
    CREATED,
    /** The object is there with exactly these bytes: an earlier try of ours, or another writer with equal content. */
    ALREADY_OURS,
    /** The key is taken by other bytes; the caller compares contents. */
    FENCED,
    /** S3 gave no answer that settles it; ask again later. */
    UNKNOWN
}
