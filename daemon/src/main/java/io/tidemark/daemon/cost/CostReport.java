package io.tidemark.daemon.cost;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * Dollars per month, by line: what lies on disks and in S3 now, and requests as often as since the daemons were started.
 *
 * @param stored what S3 has; null when it was not looked at
 * @param nodes those that answered
 */
public record CostReport(StoredUsage stored, List<NodeUsage> nodes, PriceTable prices) {
    static final double MONTH_MILLIS = 730 * 3_600_000.0;
    private static final double GIB = 1L << 30;
    private static final ObjectMapper JSON = new ObjectMapper();

    public CostReport {
        nodes = List.copyOf(nodes);
    }

    /** What is paid for one thing. */
    public record Line(String what, String amount, double dollars) {}

    public List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        long disk = sum(NodeUsage::diskBytes);
        long hot = sum(n -> n.tiers().hotBytes());
        long warm = sum(n -> n.tiers().warmBytes());
        lines.add(onDisk("hot: disks of " + nodes.size() + " nodes", Math.max(0, disk - hot - warm)));
        lines.add(onDisk("hot: copies of log segments", hot));
        lines.add(onDisk("warm: copies of log segments", warm));
        if (stored != null) {
            stored.bytes()
                    .forEach((kind, bytes) -> lines.add(new Line(
                            "cold: " + kind + ", " + stored.objects().get(kind) + " objects",
                            gib(bytes),
                            bytes / GIB * prices.of(Price.S3_GIB_MONTH))));
        }
        double writes = nodes.stream().mapToDouble(n -> n.perMonth(n.writes())).sum();
        double reads = nodes.stream().mapToDouble(n -> n.perMonth(n.reads())).sum();
        double out =
                nodes.stream().mapToDouble(n -> n.perMonth(n.bytesReceived())).sum();
        lines.add(new Line(
                "requests that write or list", thousands(writes), writes / 1_000 * prices.of(Price.S3_PUT_THOUSAND)));
        lines.add(new Line("requests that read", thousands(reads), reads / 1_000 * prices.of(Price.S3_GET_THOUSAND)));
        lines.add(new Line("bytes read from S3", gib(out), out / GIB * prices.of(Price.S3_OUT_GIB)));
        return lines;
    }

    private Line onDisk(String what, long bytes) {
        return new Line(what, gib(bytes), bytes / GIB * prices.of(Price.DISK_GIB_MONTH));
    }

    private long sum(ToLongFunction<NodeUsage> bytes) {
        return nodes.stream().mapToLong(bytes).sum();
    }

    public double dollars() {
        return lines().stream().mapToDouble(Line::dollars).sum();
    }

    /** As people read it. */
    public List<String> text() {
        List<String> text = new ArrayList<>();
        for (Line line : lines()) {
            text.add(String.format(Locale.ROOT, "%-34s %16s %12s", line.what(), line.amount(), money(line.dollars())));
        }
        text.add(String.format(Locale.ROOT, "%-34s %16s %12s", "per month", "", money(dollars())));
        if (stored != null && stored.unknown() > 0) {
            text.add(stored.unknown() + " objects of unknown size are not counted");
        }
        return text;
    }

    /** As a program reads it. */
    public ObjectNode json() {
        ObjectNode json = JSON.createObjectNode();
        lines().forEach(line -> json.withArray("lines")
                .addObject()
                .put("what", line.what())
                .put("amount", line.amount())
                .put("dollarsPerMonth", line.dollars()));
        json.putObject("segmentBytes")
                .put("hot", sum(n -> n.tiers().hotBytes()))
                .put("warm", sum(n -> n.tiers().warmBytes()))
                .put("cold", sum(n -> n.tiers().coldBytes()));
        return json.put("dollarsPerMonth", dollars());
    }

    private static String money(double dollars) {
        return String.format(Locale.ROOT, dollars < 10 ? "$%.4f" : "$%,.2f", dollars);
    }

    private static String gib(double bytes) {
        return String.format(Locale.ROOT, "%,.3f GiB", bytes / GIB);
    }

    private static String thousands(double count) {
        return String.format(Locale.ROOT, "%,.0f", count);
    }
}
