package io.tidemark.daemon.http;

import io.tidemark.shipper.catalog.SegmentRow;
import io.tidemark.shipper.catalog.Tier;
import io.tidemark.shipper.tier.SegmentTiers;
import io.tidemark.shipper.tier.TierReport;
import io.tidemark.shipper.tier.TierStats;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tiers as JSON: the fields, and their names, that users of tiered storage know. */
final class TierJson {
    private static final int SECONDS_OF_HOUR = 3_600;

    private TierJson() {}

    static Map<String, Object> success(String message) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("status", "success");
        json.put("message", message);
        return json;
    }

    static Map<String, Object> tieredStats(SegmentTiers tiers) {
        TierStats stats = tiers.stats();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("total_segments", stats.allSegments());
        json.put("hot_segments", stats.segments(Tier.HOT));
        json.put("warm_segments", stats.segments(Tier.WARM));
        json.put("cold_segments", stats.segments(Tier.COLD));
        json.put("archived_segments", stats.segments(Tier.COLD));
        json.put("total_size_bytes", stats.allBytes());
        json.put("local_size_bytes", stats.localBytes());
        json.put("local_cache_size_bytes", tiers.options().cacheBytes());
        return json;
    }

    static Map<String, Object> tierStats(SegmentTiers tiers) {
        TierStats stats = tiers.stats();
        Map<String, Object> json = new LinkedHashMap<>();
        for (Tier tier : Tier.values()) {
            Map<String, Object> of = new LinkedHashMap<>();
            of.put("segments", stats.segments(tier));
            of.put("size_bytes", stats.bytes(tier));
            json.put(tier.word(), of);
        }
        json.put("tracked_segments", stats.allSegments());
        for (Tier tier : Tier.values()) {
            json.put(tier.word() + "_segments", stats.segments(tier));
        }
        json.put("cache_hits", tiers.localReads());
        json.put("cache_misses", tiers.coldReads());
        json.put("promotion_count", stats.promotions());
        json.put("demotion_count", stats.demotions());
        json.put("local_size_bytes", stats.localBytes());
        json.put("local_cache_size_bytes", tiers.options().cacheBytes());
        return json;
    }

    static Map<String, Object> segment(SegmentRow row, SegmentTiers tiers) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("segment_path", row.name().key());
        json.put("policy", row.tier().word());
        json.put("is_archived", !row.local());
        json.put("base_offset", row.name().first());
        json.put("last_offset", row.name().last());
        json.put("size_bytes", row.bytes() < 0 ? null : row.bytes());
        json.put("last_access_at", instant(row.accessMillis()));
        json.put("kept_until", row.keptUntilMillis() == Long.MAX_VALUE ? "for ever" : instant(row.keptUntilMillis()));
        return json;
    }

    static Map<String, Object> access(SegmentRow row, SegmentTiers tiers) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("segment_path", row.name().key());
        json.put("tier", row.tier().word());
        json.put("access_count", row.reads());
        double perHour = row.reads() == 0 ? 0 : tiers.readsPerHour(row);
        json.put("reads_per_hour", perHour);
        json.put("average_read_hz", perHour / SECONDS_OF_HOUR);
        json.put("counted_since", instant(row.reads() == 0 ? 0 : row.readsSinceMillis()));
        json.put("last_access_at", instant(row.accessMillis()));
        return json;
    }

    /** @param rows one more than {@code limit} when there are more */
    static Map<String, Object> page(List<SegmentRow> rows, int limit, SegmentTiers tiers) {
        List<SegmentRow> shown = rows.subList(0, Math.min(limit, rows.size()));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("segments", shown.stream().map(row -> segment(row, tiers)).toList());
        json.put("next", rows.size() > limit ? shown.get(limit - 1).name().key() : null);
        return json;
    }

    static Map<String, Object> report(TierReport report) {
        Map<String, Object> json =
                success(report.failures().isEmpty() ? "all tiers looked at" : "looked at, see failures");
        json.put("found", report.found());
        json.put("promoted", report.promoted());
        json.put("demoted", report.demoted());
        json.put("failures", report.failures());
        return json;
    }

    /** Null for never. */
    private static String instant(long millis) {
        return millis <= 0 ? null : Instant.ofEpochMilli(millis).toString();
    }
}
