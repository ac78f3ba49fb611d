package io.tidemark.daemon.cost;

import java.util.HashMap;
import java.util.Map;

/**
 * What one daemon has used since it was started, by its {@code /metrics}.
 *
 * @param diskBytes of its directory
 * @param writes requests to S3 that write or list, by its own count
 * @param reads requests to S3 that read
 * @param tiers of its log segments
 */
public record NodeUsage(
        String name,
        long uptimeMillis,
        long diskBytes,
        long writes,
        long reads,
        long bytesSent,
        long bytesReceived,
        Tiers tiers) {

    /** Bytes of log segments: with a copy on the disk, which {@code diskBytes} counts too, and in S3 only. */
    public record Tiers(long hotBytes, long warmBytes, long coldBytes) {
        public static final Tiers NONE = new Tiers(0, 0, 0);

        public long localBytes() {
            return hotBytes + warmBytes;
        }
    }

    /** Without tiers. */
    public NodeUsage(
            String name,
            long uptimeMillis,
            long diskBytes,
            long writes,
            long reads,
            long bytesSent,
            long bytesReceived) {
        this(name, uptimeMillis, diskBytes, writes, reads, bytesSent, bytesReceived, Tiers.NONE);
    }

    /** Reads Prometheus text; what is not there counts as 0. */
    public static NodeUsage parse(String name, String metrics) {
        Map<String, Long> values = new HashMap<>();
        metrics.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            int blank = line.lastIndexOf(' ');
            if (blank > 0) {
                values.put(line.substring(0, blank).replaceAll("_total$", ""), number(line.substring(blank + 1)));
            }
        });
        return new NodeUsage(
                name,
                values.getOrDefault("jvm_uptime_millis", 0L),
                values.getOrDefault("tidemark_node_disk_bytes", 0L),
                sum(values, "put", "list", "delete"),
                sum(values, "get", "head"),
                values.getOrDefault("s3_bytes_sent", 0L),
                values.getOrDefault("s3_bytes_received", 0L),
                new Tiers(
                        values.getOrDefault("tier_bytes_hot", 0L),
                        values.getOrDefault("tier_bytes_warm", 0L),
                        values.getOrDefault("tier_bytes_cold", 0L)));
    }

    private static long number(String text) {
        try {
            return (long) Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static long sum(Map<String, Long> values, String... kinds) {
        long sum = 0;
        for (String kind : kinds) {
            sum += values.getOrDefault("s3_requests_" + kind, 0L);
        }
        return sum;
    }

    /** How often a month would see what this process has done {@code count} times. */
    double perMonth(long count) {
        return uptimeMillis <= 0 ? 0 : (double) count / uptimeMillis * CostReport.MONTH_MILLIS;
    }
}
