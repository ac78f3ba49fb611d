package io.tidemark.bench.report;

import io.tidemark.bench.rejoin.Rejoined;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;

/** The page of nodes that came back without their disks. */
public record RejoinReport(List<Rejoined> ways, Machine machine, LocalDate date) {
    public String markdown() {
        return "# A node that lost its disk, " + date + "\n\n"
                + "- three daemons with default settings and the S3 endpoint for trial, behind a proxy, on one machine; commit "
                + machine.commit() + "\n"
                + "- values of 7,000 B that do not compress, one to a page; one that does not lead is killed, its directory"
                + " removed, `tidemark start` begins the clock; one writer of 1 KiB values goes on\n"
                + "- first right read: of a row from the middle, by the node's own state; votes: `tidemark start` returned\n"
                + "- " + machine.wordsWithLoad() + "\n\n"
                + table();
    }

    private MarkdownTable table() {
        MarkdownTable table = new MarkdownTable(
                "values, MiB",
                "trouble with S3",
                "first right read, s",
                "votes, s",
                "pages in S3 alone then",
                "has all pages, s",
                "writes/s until it votes");
        for (Rejoined way : ways) {
            table.row(
                    Long.toString(way.mebibytes()),
                    way.trouble().toString(),
                    String.format(Locale.ROOT, "%.1f", way.readSeconds()),
                    String.format(Locale.ROOT, "%.1f", way.voterSeconds()),
                    String.format(Locale.ROOT, "%,d", way.coldPages()),
                    String.format(Locale.ROOT, "%.1f", way.filledSeconds()),
                    String.format(Locale.ROOT, "%,.0f", way.writesPerSecond()));
        }
        return table;
    }
}
