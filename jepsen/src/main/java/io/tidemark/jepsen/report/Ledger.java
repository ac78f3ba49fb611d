package io.tidemark.jepsen.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The table of all runs in {@code docs/reliability.md}, between two lines that a reader does not see:
 *
 * <pre>
 * &lt;!-- jepsen ledger --&gt;
 * | date | commit | workload | nemesis | seconds | faults | operations | unclear | anomalies | verdict |
 * |---|---|---|---|---|---|---|---|---|---|
 * | 2026-11-20 | b85a93d | register | kill+pause | 120 | 14 | 51,234 | 1.9 % | 0 | valid |
 * &lt;!-- end of jepsen ledger --&gt;
 * </pre>
 *
 * <p>A row is added behind the last one; the file is replaced at once, so that a reader never sees half of it.
 */
public final class Ledger {

    /** The line before the table. */
    public static final String BEGIN = "<!-- jepsen ledger -->";
    /** The line behind it. */
    public static final String END = "<!-- end of jepsen ledger -->";

    private static final int DATE_LENGTH = 10;
    private static final int CELLS = 10;

    /** A run as the table has it, as far as somebody asks the table. */
    public record Row(String workload, String nemesis, double seconds, boolean valid) {}

    private final Path file;

    /** @param file with both lines */
    public Ledger(Path file) {
        this.file = file;
    }

    /** All runs in the table. */
    public List<Row> rows() throws IOException {
        List<String> lines = Files.readAllLines(file);
        List<Row> rows = new ArrayList<>();
        for (String line : lines.subList(begin(lines), lines.indexOf(END))) {
            String[] cells = line.split("(?<!\\\\)\\|");
            if (cells.length == CELLS + 1 && cells[5].strip().matches("[0-9]+")) {
                rows.add(new Row(
                        cells[3].strip(),
                        cells[4].strip(),
                        Double.parseDouble(cells[5].strip()),
                        cells[CELLS].strip().equals("valid")));
            }
        }
        return rows;
    }

    private int begin(List<String> lines) throws IOException {
        int begin = lines.indexOf(BEGIN);
        if (begin < 0 || lines.indexOf(END) < begin) {
            throw new IOException(file + " has no lines '" + BEGIN + "' and '" + END + "' to write between");
        }
        return begin;
    }

    /** Adds a run. */
    public void add(RunSummary run) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        begin(lines);
        lines.add(lines.indexOf(END), row(run));
        Path whole = file.resolveSibling(file.getFileName() + ".new");
        Files.write(whole, lines);
        Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /** As it is written there. */
    public static String row(RunSummary run) {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %s | %.0f | %,d | %,d | %.1f %% | %,d | %s |",
                run.started().length() >= DATE_LENGTH ? run.started().substring(0, DATE_LENGTH) : "",
                cell(run.commit()),
                cell(run.workload()),
                run.nemesis().isEmpty() ? "none" : cell(run.nemesis()),
                run.seconds(),
                run.faultsInAll(),
                run.operations(),
                100 * run.infoShare(),
                run.anomaliesInAll(),
                run.outcome().name().toLowerCase(Locale.ROOT));
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("\n", " ");
    }
}
