package io.tidemark.bench.report;

import io.tidemark.bench.restart.Restarts.Restart;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;

/** The page of restarts. */
public record RestartReport(List<Restart> restarts, Machine machine, LocalDate date) {
    private static final double MIB = 1 << 20;

    public String markdown() {
        return "# Restart after kill -9, " + date + "\n\n"
                + "- Tidemark's engine, commit " + machine.commit()
                + ", log-authoritative, one entry per put while the WAL"
                + " grows; the process is killed by its id, the next one opens the store and then looks at every row\n"
                + "- seconds from open to the first answer, classes loaded before; cold: the store's files are no longer in"
                + " the page cache\n"
                + "- " + machine.wordsWithLoad() + "\n\n"
                + table()
                + "\nWhere the opening thread was, by samples of its stack (innermost method of the engine):\n\n"
                + shares();
    }

    private MarkdownTable table() {
        MarkdownTable table = new MarkdownTable(
                "store",
                "files",
                "seconds",
                "WAL redone, MiB",
                "blocks",
                "blocks/s",
                "WAL MiB/s",
                "page table rows",
                "pages read",
                "rows checked");
        for (Restart restart : restarts) {
            table.row(
                    label(restart),
                    files(restart),
                    String.format(Locale.ROOT, "%.2f", restart.seconds()),
                    ClusterReport.number(restart.walBytes() / MIB),
                    count(restart.blocks()),
                    count((long) (restart.blocks() / restart.seconds())),
                    ClusterReport.number(restart.walBytes() / MIB / restart.seconds()),
                    count(restart.pages()),
                    count(restart.pagesRead()),
                    count(restart.rows()));
        }
        return table;
    }

    private String shares() {
        StringBuilder text = new StringBuilder();
        for (Restart restart : restarts) {
            text.append("- ").append(label(restart)).append(", ").append(files(restart));
            text.append(": ").append(restart.shares()).append('\n');
        }
        return text.toString();
    }

    private static String label(Restart restart) {
        return count(restart.of().dataBytes() >> 20) + " MiB of data, "
                + (restart.of().walBytes() == 0 ? "just checkpointed" : "WAL since");
    }

    private static String files(Restart restart) {
        return restart.cached() ? "cached" : "cold";
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
