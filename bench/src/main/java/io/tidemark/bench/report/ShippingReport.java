package io.tidemark.bench.report;

import io.tidemark.bench.load.Measurement;
import io.tidemark.bench.shipping.ShippingFigures;
import io.tidemark.bench.shipping.ShippingFigures.Rates;
import io.tidemark.bench.shipping.ShippingPlan;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Map;

/** The page of shipping. */
public record ShippingReport(ShippingFigures figures, ShippingPlan plan, Machine machine, LocalDate date) {
    private static final double MIB = 1 << 20;
    private static final double GIB = 1 << 30;

    public String markdown() {
        return "# Shipping to S3, " + date + "\n\n"
                + "- commit " + machine.commit()
                + "; `tidemark up` with default settings: three daemons, their client and the"
                + " embedded S3 endpoint on one machine and one disk, over loopback; " + plan.rounds()
                + " round(s) in turns\n"
                + "- " + machine.wordsWithLoad() + "\n\n"
                + "## Rate beside plain PUTs\n\n"
                + (plan.backlogBytes() >> 20) + " MiB of values of " + (plan.backlogValueBytes() >> 10)
                + " KiB that do not compress are written while S3 is away. Shipped: from the first movement of the mark to"
                + " its rest. Plain: the same segments, from memory, " + plan.parallel()
                + " PUTs at once by the same client"
                + " and to the same endpoint, while the cluster rests.\n\n"
                + rates() + "\n## What writers feel\n\n"
                + plan.workload().writers() + " writes in flight, values of "
                + plan.workload().valueLabel()
                + ". Without: the S3 endpoint is stopped, so nothing is shipped.\n\n"
                + latencies() + "\n## What it takes\n\n"
                + "For the writes of the windows with shipping, their warm-up included, until S3 had all of it:\n\n"
                + costs();
    }

    private MarkdownTable rates() {
        MarkdownTable table = new MarkdownTable("round", "MiB", "shipped MiB/s", "plain MiB/s", "ratio");
        int round = 0;
        for (Rates rates : figures.rates()) {
            table.row(
                    Integer.toString(++round),
                    number(rates.bytes() / MIB),
                    number(rates.shipped() / MIB),
                    number(rates.plain() / MIB),
                    String.format(Locale.ROOT, "%.2f", rates.shipped() / rates.plain()));
        }
        return table;
    }

    private MarkdownTable latencies() {
        MarkdownTable table = new MarkdownTable("shipping", "writes/s", "p50 ms", "p99 ms", "p99.9 ms");
        latency(table, "with", figures.with());
        latency(table, "without", figures.without());
        return table;
    }

    private static void latency(MarkdownTable table, String label, Measurement found) {
        table.row(
                label,
                number(found.writesPerSecond()),
                number(found.millisAt(50)),
                number(found.millisAt(99)),
                number(found.millisAt(99.9)));
    }

    private MarkdownTable costs() {
        MarkdownTable table = new MarkdownTable("per GiB of keys and values put", "");
        double put = figures.putBytes() / GIB;
        for (Map.Entry<String, Long> kind : figures.requests().entrySet()) {
            table.row("S3 requests: " + kind.getKey(), number(kind.getValue() / put));
        }
        table.row("GiB stored in S3 (eight values repeat: they compress)", number(figures.sentBytes() / GIB / put));
        table.row(
                "bytes written to local disks, all three nodes, per byte put",
                number(figures.localBytes() / GIB / put));
        table.row("GiB put in all", number(put));
        return table;
    }

    private static String number(double value) {
        return ClusterReport.number(value);
    }
}
