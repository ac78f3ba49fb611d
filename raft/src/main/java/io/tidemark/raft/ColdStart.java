package io.tidemark.raft;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.store.ColdPages;

/**
 * How a node begins that has no disk: with every page in S3 (rule CT5).
 *
 * @param pages has them; {@link ColdPages#NONE}: all are fetched first
 * @param fillBytesPerSecond page bytes that come in the background on average at most; 0 for no limit
 */
public record ColdStart(ColdPages pages, long fillBytesPerSecond) {
    /** A gigabyte in half a minute, and a network of 1 Gbit/s left for others. */
    public static final long FILL_BYTES_PER_SECOND = 32L << 20;

    /** All pages are fetched first. */
    public static final ColdStart NONE = new ColdStart(ColdPages.NONE, 0);

    public ColdStart {
        if (fillBytesPerSecond < 0) {
            throw new TidemarkException(ErrorKind.INVALID, "pages cannot come at " + fillBytesPerSecond + " B/s");
        }
    }
}
