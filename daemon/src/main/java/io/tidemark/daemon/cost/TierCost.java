package io.tidemark.daemon.cost;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.shipper.catalog.Tier;
import io.tidemark.shipper.tier.TierStats;

/**
 * What one node's segments cost per month by the standard prices: all of them in S3, copies on the node's disk as well;
 * beside what it would be if the node kept all.
 */
public record TierCost(TierStats stats, PriceTable prices) {
    private static final double GIB = 1L << 30;
    private static final ObjectMapper JSON = new ObjectMapper();

    public static TierCost of(TierStats stats) {
        return new TierCost(stats, PriceTable.standard());
    }

    private double disk(double bytes) {
        return bytes / GIB * prices.of(Price.DISK_GIB_MONTH);
    }

    private double s3() {
        return stats.allBytes() / GIB * prices.of(Price.S3_GIB_MONTH);
    }

    /** Dollars. */
    public double perMonth() {
        return s3() + disk(stats.bytes(Tier.HOT) + stats.bytes(Tier.WARM));
    }

    /** Dollars, were every segment on the disk too. */
    public double ifAllWereLocal() {
        return s3() + disk(stats.allBytes());
    }

    /** Dollars for bringing a copy of a segment of mean size back: one request, and its bytes. */
    double perRestore() {
        double bytes = stats.allSegments() == 0 ? 0 : (double) stats.allBytes() / stats.allSegments();
        return prices.of(Price.S3_GET_THOUSAND) / 1000 + bytes / GIB * prices.of(Price.S3_OUT_GIB);
    }

    /** With the names that users of tiered storage know; a GB is 2^30 bytes, as S3 is billed. */
    public ObjectNode json() {
        ObjectNode json = JSON.createObjectNode();
        for (Tier tier : Tier.values()) {
            json.putObject(tier.word())
                    .put("size_bytes", stats.bytes(tier))
                    .put("disk_cost_monthly", tier == Tier.COLD ? 0 : disk(stats.bytes(tier)));
        }
        long local = stats.bytes(Tier.HOT) + stats.bytes(Tier.WARM);
        double saved = ifAllWereLocal() - perMonth();
        return json.put("hot_storage_gb", local / GIB)
                .put("cold_storage_gb", stats.allBytes() / GIB)
                .put("hot_storage_cost_monthly", disk(local))
                .put("cold_storage_cost_monthly", s3())
                .put("total_cost_monthly", perMonth())
                .put("total_cost_monthly_if_all_local", ifAllWereLocal())
                .put("cost_savings_monthly", saved)
                .put("cost_savings_pct", ifAllWereLocal() == 0 ? 0 : 100 * saved / ifAllWereLocal())
                .put("retrieval_cost_per_restore", perRestore());
    }
}
