package io.tidemark.client;

/**
 * A write that is done, by a majority of nodes, and that S3 did not have in time. It will be shipped; do not repeat it.
 * {@link TidemarkClient#awaitShipped} waits on.
 */
public final class NotInS3Exception extends TidemarkClientException {
    private static final long serialVersionUID = 1L;

    private final long lsn;

    NotInS3Exception(long lsn, String message) {
        super(Kind.NOT_IN_S3, message);
        this.lsn = lsn;
    }

    /** LSN of the write. */
    public long lsn() {
        return lsn;
    }
}
