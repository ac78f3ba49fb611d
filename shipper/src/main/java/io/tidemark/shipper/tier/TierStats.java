package io.tidemark.shipper.tier;

import io.tidemark.shipper.catalog.Tier;

/**
 * What a node's tiers hold.
 *
 * @param segments number, by the ordinal of the tier
 * @param bytes of their objects, likewise; those of unknown size count as 0
 * @param localBytes that copies take on this node's disk
 * @param promotions segments that came nearer, ever
 * @param demotions segments that went farther, ever
 */
public record TierStats(long[] segments, long[] bytes, long localBytes, long promotions, long demotions) {
    public long segments(Tier tier) {
        return segments[tier.ordinal()];
    }

    public long bytes(Tier tier) {
        return bytes[tier.ordinal()];
    }

    public long allSegments() {
        return segments(Tier.HOT) + segments(Tier.WARM) + segments(Tier.COLD);
    }

    public long allBytes() {
        return bytes(Tier.HOT) + bytes(Tier.WARM) + bytes(Tier.COLD);
    }
}
