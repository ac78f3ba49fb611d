package io.tidemark.bench.report;

import io.tidemark.bench.contest.ContestPlan;
import io.tidemark.bench.contest.Outcome;
import io.tidemark.bench.contest.Scenario;
import io.tidemark.bench.contest.Standing;
import io.tidemark.bench.contest.Standing.Spread;
import io.tidemark.bench.peer.Peer;
import io.tidemark.bench.trial.Figure;
import io.tidemark.bench.trial.Row;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/** The page of one contest of engines. */
public final class EngineReport {
    private static final String NONE = "-";

    private final ContestPlan plan;
    private final Outcome outcome;
    private final Machine machine;
    private final LocalDate date;

    public EngineReport(ContestPlan plan, Outcome outcome, Machine machine, LocalDate date) {
        this.plan = plan;
        this.outcome = outcome;
        this.machine = machine;
        this.date = date;
    }

    public String markdown() {
        StringBuilder page = new StringBuilder("# Storage engines side by side, " + date + "\n\n");
        EngineNotes.write(plan, outcome, machine, page);
        page.append("\n## Ratios to the best\n\n")
                .append(
                        "Median (least to greatest) over the rounds; 1.00 is the engine with the best median, ratios are")
                .append(" taken within each round.\n");
        perScenario(page, row -> true, this::ratio);
        page.append("\n## Operations per second, medians\n");
        perScenario(page, Row::isRate, this::rate);
        page.append("\n## Microseconds of CPU per operation, medians\n\n")
                .append(
                        "Of the whole process: what the engine's own threads, the collector and the compiler used is in it.")
                .append(" Moves less than rates do when others use the machine.\n");
        perScenario(page, row -> true, this::cpu);
        page.append("\n## Seconds to reopen after kill -9\n\n")
                .append("Median (least to greatest), from open to the first answer; then every row is checked. With")
                .append(" it, how many of the puts that were never synced the last round kept.\n\n")
                .append(table("scenario", Row.REOPEN_KILLED::equals, EngineReport::reopened));
        page.append("\n## Bytes on disk per byte put, after a fill and a clean close, medians\n\n")
                .append(table("scenario", EngineReport::isFill, EngineReport::disk));
        page.append("\n## Bytes written per byte put, medians\n\n")
                .append("Bytes that the process handed to the system in write calls (`wchar` of `/proc/self/io`; its")
                .append(
                        " `write_bytes` counts whole folios of up to 2 MiB here). Fills count until the store is closed,")
                .append(" overwriting within its window.\n\n")
                .append(table("scenario", row -> isFill(row) || row == Row.OVERWRITE, EngineReport::written));
        page.append("\n## Bytes allocated on the heap per operation, medians\n\n")
                .append("By the calling threads, with what their engine's API makes the caller allocate.\n");
        perScenario(page, row -> true, this::allocated);
        page.append("\n## The disk's own rate, append and fdatasync\n\n").append(ClusterReport.disk(outcome.probes()));
        return page.append(troubles()).toString();
    }

    private static boolean isFill(Row row) {
        return row == Row.FILL_SEQUENTIAL || row == Row.FILL_RANDOM;
    }

    @FunctionalInterface
    private interface Cell extends BiFunction<Standing, Peer, String> {}

    private void perScenario(StringBuilder page, Predicate<Row> wanted, Cell cell) {
        for (Scenario scenario : plan.scenarios()) {
            MarkdownTable table = header("row");
            for (Row row : plan.rows()) {
                Standing standing = new Standing(outcome, scenario, row);
                if (wanted.test(row) && !standing.isEmpty()) {
                    table.row(cells(row.label(), standing, cell));
                }
            }
            page.append("\n### ").append(scenario.label()).append("\n\n").append(table);
        }
    }

    private MarkdownTable table(String first, Predicate<Row> wanted, Cell cell) {
        MarkdownTable table = header(first);
        for (Scenario scenario : plan.scenarios()) {
            for (Row row : plan.rows()) {
                Standing standing = new Standing(outcome, scenario, row);
                if (wanted.test(row) && !standing.isEmpty()) {
                    table.row(cells(row.label() + ", " + scenario.shortLabel(), standing, cell));
                }
            }
        }
        return table;
    }

    private MarkdownTable header(String first) {
        List<String> header = new ArrayList<>(List.of(first));
        plan.peers().forEach(peer -> header.add(peer.label()));
        return new MarkdownTable(header.toArray(String[]::new));
    }

    private List<String> cells(String label, Standing standing, Cell cell) {
        List<String> cells = new ArrayList<>(List.of(label));
        plan.peers().forEach(peer -> cells.add(standing.of(peer).isEmpty() ? NONE : cell.apply(standing, peer)));
        return cells;
    }

    private String ratio(Standing standing, Peer peer) {
        Optional<Spread> ratio = standing.ratio(peer);
        if (ratio.isEmpty()) {
            return NONE;
        }
        Spread spread = ratio.get();
        String rounds = spread.count() < plan.rounds() ? ", " + spread.count() + " rounds" : "";
        return spread.count() == 1
                ? two(spread.median()) + (plan.rounds() == 1 ? "" : " (1 round)")
                : two(spread.median()) + " (" + two(spread.least()) + " to " + two(spread.greatest()) + rounds + ")";
    }

    private String rate(Standing standing, Peer peer) {
        return String.format(Locale.ROOT, "%,.0f", median(standing, peer, Figure::perSecond));
    }

    private String cpu(Standing standing, Peer peer) {
        return number(median(standing, peer, Figure::cpuMicrosPerOperation));
    }

    private String allocated(Standing standing, Peer peer) {
        return String.format(Locale.ROOT, "%,.0f", median(standing, peer, Figure::allocatedPerOperation));
    }

    private static String disk(Standing standing, Peer peer) {
        double disk = median(standing, peer, Figure::diskPerByte);
        return disk < 0 ? NONE : two(disk);
    }

    private static String written(Standing standing, Peer peer) {
        double written = median(standing, peer, Figure::writtenPerByte);
        return written < 0 ? NONE : two(written);
    }

    private static String reopened(Standing standing, Peer peer) {
        Spread seconds = standing.spread(peer, Figure::seconds).orElseThrow();
        List<Figure> figures = standing.of(peer);
        String spread =
                seconds.count() == 1 ? "" : " (" + three(seconds.least()) + " to " + three(seconds.greatest()) + ")";
        return three(seconds.median()) + spread + "; "
                + figures.get(figures.size() - 1).note();
    }

    private static double median(Standing standing, Peer peer, java.util.function.ToDoubleFunction<Figure> number) {
        return standing.spread(peer, number).orElseThrow().median();
    }

    private String troubles() {
        StringBuilder text = new StringBuilder();
        outcome.troubles().forEach(trouble -> text.append("- ").append(trouble).append('\n'));
        return text.isEmpty() ? "" : "\n## Troubles\n\n" + text;
    }

    private static String two(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static String three(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    private static String number(double value) {
        return ClusterReport.number(value);
    }
}
