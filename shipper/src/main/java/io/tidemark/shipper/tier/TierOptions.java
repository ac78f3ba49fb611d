package io.tidemark.shipper.tier;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.util.concurrent.TimeUnit;

/**
 * When segments move between tiers; checked once.
 *
 * @param cacheBytes copies on this node's disk take no more, each counted in whole blocks of 4 KiB; 0: no copies, and no
 *     tiers. Default 1 GiB
 * @param warmMillis a copy that was not read for so long is WARM; default 72 hours
 * @param coldMillis one that was not read for so long goes; at least {@code warmMillis}, default 168 hours
 * @param checkMillis how often that is looked at; 0 for never unasked, default one hour
 * @param hotReads a segment read so often, and at the rate that follows, is HOT whatever its age; at least 1, default 100
 * @param hotReadsPerHour that rate; default 10
 * @param keepFreeBytes copies make way when the disk has less free; default 512 MiB
 */
public record TierOptions(
        long cacheBytes,
        long warmMillis,
        long coldMillis,
        long checkMillis,
        long hotReads,
        long hotReadsPerHour,
        long keepFreeBytes) {

    public TierOptions {
        require(cacheBytes >= 0, "the bytes of copies", cacheBytes);
        require(warmMillis >= 0, "the time to WARM", warmMillis);
        require(coldMillis >= warmMillis, "the time to COLD (at least that to WARM)", coldMillis);
        require(checkMillis >= 0, "the time between checks", checkMillis);
        require(hotReads >= 1, "the number of reads of what is HOT", hotReads);
        require(hotReadsPerHour >= 0, "the reads per hour of what is HOT", hotReadsPerHour);
        require(keepFreeBytes >= 0, "the bytes to keep free", keepFreeBytes);
    }

    public static TierOptions defaults() {
        return new TierOptions(
                1L << 30,
                TimeUnit.HOURS.toMillis(72),
                TimeUnit.HOURS.toMillis(168),
                TimeUnit.HOURS.toMillis(1),
                100,
                10,
                512L << 20);
    }

    /** Whether there are copies, and tiers, at all. */
    public boolean enabled() {
        return cacheBytes > 0;
    }

    private static void require(boolean holds, String what, long found) {
        if (!holds) {
            throw new TidemarkException(ErrorKind.INVALID, what + " cannot be " + found);
        }
    }
}
