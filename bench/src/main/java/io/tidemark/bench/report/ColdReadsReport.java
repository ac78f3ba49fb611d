package io.tidemark.bench.report;

import io.tidemark.bench.coldstart.ColdReads;
import java.time.LocalDate;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** The page of reads of a store whose pages are mostly in S3. */
public record ColdReadsReport(ColdReads reads, Machine machine, LocalDate date) {
    public String markdown() {
        return "# Reads of pages that are in S3, " + date + "\n\n"
                + String.format(
                        Locale.ROOT,
                        "- a view of %,d MiB of values of 1 KiB that do not compress, %,d pages; its disk may keep %,d of"
                                + " them, its memory %,d; commit %s%n",
                        reads.mebibytes(),
                        reads.pages(),
                        reads.hotPages(),
                        reads.poolPages(),
                        machine.commit())
                + "- one reader; S3 is the endpoint for trial, in the same process, over loopback: what the network and the"
                + " service of a real one take comes on top of both kinds\n"
                + "- plain: a ranged GET at a random place of a pack, of the bytes that a page has there, by the same"
                + " client, in turns with the reads\n"
                + "- " + machine.wordsWithLoad() + "\n\n"
                + latencies() + "\n"
                + String.format(
                        Locale.ROOT,
                        "A trace of %,d reads behind as many that fill the cache: each asks for a page by itself, the one at"
                                + " rank r as often as r^-0.99. The other two caches have as many pages as disk and memory"
                                + " together, which keep many pages twice.%n%n",
                        reads.reads())
                + hitRates();
    }

    private MarkdownTable latencies() {
        MarkdownTable table = new MarkdownTable("read", "p50, us", "p99, us", "p50 to that of a plain GET");
        row(table, "row of a page that is in S3 alone", reads.cold());
        row(table, "plain ranged GET", reads.plain());
        row(table, "the same row again, in memory", reads.warm());
        return table;
    }

    private void row(MarkdownTable table, String name, Histogram micros) {
        table.row(
                name,
                String.format(Locale.ROOT, "%,d", micros.getValueAtPercentile(50)),
                String.format(Locale.ROOT, "%,d", micros.getValueAtPercentile(99)),
                String.format(
                        Locale.ROOT,
                        "%.2f",
                        (double) micros.getValueAtPercentile(50) / reads.plain().getValueAtPercentile(50)));
    }

    private MarkdownTable hitRates() {
        MarkdownTable table = new MarkdownTable("cache", "reads that need not wait for S3");
        table.row("the store's disk and memory", share(reads.hitRate()));
        table.row("what was not used for longest goes (LRU)", share(reads.lruHitRate()));
        table.row("ideal: what is wanted last goes (Belady)", share(reads.idealHitRate()));
        return table;
    }

    private static String share(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
