package io.tidemark.bench.report;

import io.tidemark.bench.cluster.Comparison.Outcome;
import io.tidemark.bench.cluster.Comparison.Probe;
import io.tidemark.bench.cluster.Result;
import io.tidemark.bench.disk.DiskProbe.DiskRate;
import io.tidemark.bench.load.Measurement;
import io.tidemark.bench.load.Workload;
import io.tidemark.bench.process.ThreadGroups.Group;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** The page that a comparison leaves: rates, ratios, where the leader's CPU went, memory, the disk, the machine. */
public final class ClusterReport {
    private static final String NONE = "-";

    private final Outcome outcome;
    private final Machine machine;
    private final LocalDate date;
    private final List<String> notes;

    /** @param notes how it was measured, a line each */
    public ClusterReport(Outcome outcome, Machine machine, LocalDate date, List<String> notes) {
        this.outcome = outcome;
        this.machine = machine;
        this.date = date;
        this.notes = List.copyOf(notes);
    }

    public String markdown() {
        StringBuilder page = new StringBuilder();
        page.append("# Writes per second of a cluster, ").append(date).append("\n\n");
        for (String note : notes) {
            page.append("- ").append(note).append('\n');
        }
        page.append(String.format(
                Locale.ROOT,
                "- commit %s; %s; %d x %s; %d GiB; %s%n%n",
                machine.commit(),
                machine.java(),
                machine.processors(),
                machine.cpu(),
                machine.memoryBytes() >> 30,
                machine.system()));
        page.append("## Rates and latencies\n\n").append(rates());
        page.append("\nRates are of all rounds; single rounds in parentheses.");
        page.append(
                outcome.targets().size() < 2
                        ? ""
                        : " Ratios are to " + outcome.targets().get(0) + ".");
        page.append("\n\n## CPU of the leader, microseconds per write\n\n").append(cpu());
        page.append("\n## Memory of the daemons, MiB resident, greatest seen\n\n")
                .append(memory());
        page.append("\n## The disk's own rate, append and fdatasync\n\n").append(disk());
        page.append(troubles());
        return page.toString();
    }

    private MarkdownTable rates() {
        List<String> header = new ArrayList<>(List.of("value x writers"));
        for (String target : outcome.targets()) {
            header.addAll(List.of(target + ": writes/s", "p50 ms", "p99 ms"));
        }
        for (String target : peers()) {
            header.addAll(List.of(target + ": writes ratio", "p50 ratio"));
        }
        MarkdownTable table = new MarkdownTable(header.toArray(String[]::new));
        for (Workload workload : workloads()) {
            List<String> cells = new ArrayList<>(List.of(label(workload)));
            for (String target : outcome.targets()) {
                cells.addAll(rateCells(target, workload));
            }
            Measurement base = merged(outcome.targets().get(0), workload);
            for (String target : peers()) {
                cells.addAll(ratioCells(base, merged(target, workload)));
            }
            table.row(cells);
        }
        return table;
    }

    private List<String> peers() {
        return outcome.targets().subList(1, outcome.targets().size());
    }

    private List<String> rateCells(String target, Workload workload) {
        Measurement all = merged(target, workload);
        if (all == null) {
            return List.of(NONE, NONE, NONE);
        }
        String single = measured(target, workload).stream()
                .map(result -> number(result.measurement().writesPerSecond()))
                .collect(Collectors.joining(" / "));
        String rate = number(all.writesPerSecond());
        return List.of(
                single.contains("/") ? rate + " (" + single + ")" : rate,
                number(all.millisAt(50)),
                number(all.millisAt(99)));
    }

    private static List<String> ratioCells(Measurement base, Measurement peer) {
        if (base == null || peer == null) {
            return List.of(NONE, NONE);
        }
        return List.of(
                number(peer.writesPerSecond() / base.writesPerSecond()), number(peer.millisAt(50) / base.millisAt(50)));
    }

    private MarkdownTable cpu() {
        List<Group> groups = new ArrayList<>();
        for (Group group : Group.values()) {
            if (outcome.results().stream().anyMatch(r -> r.leaderCpuNanos().getOrDefault(group, 0L) > 0)) {
                groups.add(group);
            }
        }
        List<String> header = new ArrayList<>(List.of("cluster, value x writers", "all"));
        groups.forEach(group -> header.add(group.label()));
        MarkdownTable table = new MarkdownTable(header.toArray(String[]::new));
        for (String target : outcome.targets()) {
            for (Workload workload : workloads()) {
                Measurement all = merged(target, workload);
                if (all != null && all.writes() > 0) {
                    List<String> cells = new ArrayList<>(List.of(target + ", " + label(workload)));
                    cells.add(number(micros(target, workload, List.of(Group.values())) / all.writes()));
                    groups.forEach(g -> cells.add(number(micros(target, workload, List.of(g)) / all.writes())));
                    table.row(cells);
                }
            }
        }
        return table;
    }

    private double micros(String target, Workload workload, List<Group> groups) {
        return measured(target, workload).stream()
                        .flatMap(result ->
                                groups.stream().map(g -> result.leaderCpuNanos().getOrDefault(g, 0L)))
                        .mapToLong(Long::longValue)
                        .sum()
                / 1e3;
    }

    private MarkdownTable memory() {
        MarkdownTable table = new MarkdownTable("cluster", "n1", "n2", "n3");
        for (String target : outcome.targets()) {
            List<String> cells = new ArrayList<>(List.of(target));
            for (int node = 0; node < 3; node++) {
                int index = node;
                cells.add(outcome.results().stream()
                        .filter(result -> result.target().equals(target)
                                && result.residentBytes().size() > index)
                        .map(result -> result.residentBytes().get(index))
                        .max(Comparator.naturalOrder())
                        .map(bytes -> bytes < 0 ? NONE : Long.toString(bytes >> 20))
                        .orElse(NONE));
            }
            table.row(cells);
        }
        return table;
    }

    private MarkdownTable disk() {
        return disk(outcome.probes());
    }

    /** The disk's table alone. */
    public static MarkdownTable disk(List<Probe> probes) {
        MarkdownTable table = new MarkdownTable("before", "block", "writers", "syncs/s", "p50 us", "p99 us");
        for (Probe probe : probes) {
            for (DiskRate rate : probe.rates()) {
                table.row(
                        "round " + probe.round() + ", " + probe.target(),
                        new Workload(rate.blockBytes(), 1).valueLabel(),
                        Integer.toString(rate.writers()),
                        number(rate.syncsPerSecond()),
                        number(rate.microsAt(50)),
                        number(rate.microsAt(99)));
            }
        }
        return table;
    }

    private String troubles() {
        StringBuilder text = new StringBuilder();
        for (Result result : outcome.results()) {
            Measurement m = result.measurement();
            String trouble = m == null
                    ? result.failure()
                    : m.failures() == 0 ? null : m.failures() + " writes failed, the first with " + m.firstFailure();
            if (trouble != null) {
                text.append("- round ").append(result.round()).append(", ").append(result.target());
                text.append(", ")
                        .append(label(result.workload()))
                        .append(": ")
                        .append(trouble)
                        .append('\n');
            }
        }
        if (outcome.restless() > 0) {
            text.append("- after ").append(outcome.restless());
            text.append(" rows a cluster was still busy (shipping to S3) when the next row began\n");
        }
        if (outcome.skipped() > 0) {
            text.append("- ").append(outcome.skipped()).append(" rows left out: the time limit was reached\n");
        }
        return text.isEmpty() ? "" : "\n## Troubles\n\n" + text;
    }

    private Set<Workload> workloads() {
        return outcome.results().stream().map(Result::workload).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private List<Result> measured(String target, Workload workload) {
        return outcome.results().stream()
                .filter(result -> result.target().equals(target)
                        && result.workload().equals(workload)
                        && result.measurement() != null)
                .toList();
    }

    private Measurement merged(String target, Workload workload) {
        return measured(target, workload).stream()
                .map(Result::measurement)
                .filter(Objects::nonNull)
                .reduce(Measurement::plus)
                .orElse(null);
    }

    private static String label(Workload workload) {
        return workload.valueLabel() + " x " + workload.writers();
    }

    /** Three digits that matter: {@code 12345}, {@code 123}, {@code 12.3}, {@code 1.23}, {@code 0.12}. */
    static String number(double value) {
        String format = value >= 99.95 ? "%.0f" : value >= 9.995 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }
}
