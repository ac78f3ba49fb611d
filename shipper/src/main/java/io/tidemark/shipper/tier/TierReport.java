package io.tidemark.shipper.tier;

import java.util.List;

/**
 * What a look at the tiers has done.
 *
 * @param found segments that this node had not heard of
 * @param promoted segments that came nearer
 * @param demoted segments that went farther, by age or for want of room
 * @param failures what was not possible, in words; it is tried again at the next look
 */
public record TierReport(long found, long promoted, long demoted, List<String> failures) {
    public TierReport {
        failures = List.copyOf(failures);
    }
}
