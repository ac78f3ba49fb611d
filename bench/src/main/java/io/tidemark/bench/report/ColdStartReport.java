package io.tidemark.bench.report;

import io.tidemark.bench.coldstart.FirstRead;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;

/** The page of first reads. */
public record ColdStartReport(List<FirstRead> reads, Machine machine, LocalDate date) {
    private static final double MIB = 1 << 20;

    public String markdown() {
        return "# First read of a view, " + date + "\n\n"
                + "- a view of the newest checkpoint's LSN, in an empty directory, and one row of it; commit "
                + machine.commit() + "\n"
                + "- values of 1 KiB that do not compress; S3 is the endpoint for trial, in the"
                + " same process, over loopback; classes loaded before\n"
                + "- rows alone: as `tidemark view` begins; all pages: as it did before, for"
                + " comparison\n"
                + "- " + machine.wordsWithLoad() + "\n\n"
                + table();
    }

    private MarkdownTable table() {
        MarkdownTable table = new MarkdownTable(
                "values, MiB",
                "pages",
                "begins with",
                "open, s",
                "first row, s",
                "requests",
                "MiB from S3",
                "bytes a page");
        for (FirstRead read : reads) {
            table.row(
                    Long.toString(read.mebibytes()),
                    String.format(Locale.ROOT, "%,d", read.pages()),
                    read.way() == FirstRead.Way.ALL_PAGES ? "all pages" : "rows alone",
                    String.format(Locale.ROOT, "%.2f", read.openSeconds()),
                    String.format(Locale.ROOT, "%.3f", read.readSeconds()),
                    Long.toString(read.requests()),
                    String.format(Locale.ROOT, "%.2f", read.bytes() / MIB),
                    Long.toString(read.bytes() / Math.max(1, read.pages())));
        }
        return table;
    }
}
