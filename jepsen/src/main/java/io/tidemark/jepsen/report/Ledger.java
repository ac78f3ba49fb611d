package io.tidemark.jepsen.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The table of all runs in {@code docs/reliability.md}, between two lines that a reader does not see:
 *
 * <pre>
 * &lt;!-- jepsen ledger --&gt;
 * | date | commit | seed | nodes | workload | nemesis | seconds | faults | operations | unclear | anomalies | verdict |
 * |---|---|---|---|---|---|---|---|---|---|---|---|
 * | 2026-11-20 | b85a93d | 7 | 3 | register | kill+pause | 120 | 14 | 51,234 | 1.9 % | 0 | valid |
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

    /** The parameter of a run that says how many nodes there were. */
    public static final String NODES = "nodes";

    private static final int DATE_LENGTH = 10;
    private static final int CELLS = 12;
    private static final Pattern CELL_EDGE = Pattern.compile("(?<!\\\\)\\|");

    private final Path file;

    /** @param file with both lines */
    public Ledger(Path file) {
        this.file = file;
    }

    /**
     * Whether the table has a valid run with that seed, of so many nodes, these workloads and that nemesis alone, that took as
     * long or longer.
     */
    public boolean hasValid(long seed, int nodes, String workloads, String nemesis, long seconds) throws IOException {
        List<String> lines = Files.readAllLines(file);
        List<String> wanted = List.of(Long.toString(seed), Integer.toString(nodes), cell(workloads), cell(nemesis));
        return lines.subList(begin(lines), lines.indexOf(END)).stream()
                .map(line -> Stream.of(CELL_EDGE.split(line)).map(String::strip).toList())
                .filter(cells -> cells.size() == CELLS + 1 && cells.get(7).matches("[0-9]+"))
                .anyMatch(cells -> cells.get(CELLS).equals("valid")
                        && cells.subList(3, 7).equals(wanted)
                        && Long.parseLong(cells.get(7)) >= seconds);
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
                "| %s | %s | %d | %s | %s | %s | %.0f | %,d | %,d | %.1f %% | %,d | %s |",
                run.started().length() >= DATE_LENGTH ? run.started().substring(0, DATE_LENGTH) : "",
                cell(run.commit()),
                run.seed(),
                cell(run.parameters().getOrDefault(NODES, "?")),
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
