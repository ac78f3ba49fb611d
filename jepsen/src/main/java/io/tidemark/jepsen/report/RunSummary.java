package io.tidemark.jepsen.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.tidemark.jepsen.checker.Anomaly;
import io.tidemark.jepsen.checker.Verdict;
import io.tidemark.jepsen.history.Counts;
import io.tidemark.jepsen.history.Header;
import io.tidemark.jepsen.history.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A run in figures, as it is written to {@code summary.json}.
 *
 * @param seconds from the first event to the last
 * @param faults blows by name of the nemesis
 * @param operations clients' calls
 * @param infoShare share of the unclear ones, 0 to 1
 * @param outcome VALID, INVALID or UNKNOWN
 * @param anomalies the first ones of each class
 * @param figures what the checkers counted
 */
public record RunSummary(
        String workload,
        String nemesis,
        long seed,
        String commit,
        String command,
        String started,
        Map<String, String> parameters,
        double seconds,
        Map<String, Long> faults,
        long operations,
        long ok,
        long fail,
        long info,
        double infoShare,
        Verdict.Outcome outcome,
        List<Anomaly> anomalies,
        Map<String, Long> figures,
        List<String> notes) {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** Of a history and what was found in it. */
    public static RunSummary of(History history, Verdict verdict) {
        Header header = history.header();
        Counts counts = verdict.counts();
        Map<String, Long> faults = new TreeMap<>();
        NemesisInterval.of(history).forEach(blow -> faults.merge(blow.name(), 1L, Long::sum));
        Map<String, Long> figures = new TreeMap<>(verdict.figures());
        figures.putAll(Resumption.of(history).figures());
        long nanos = history.events().isEmpty()
                ? 0
                : history.events().get(history.events().size() - 1).time();
        return new RunSummary(
                header.workload(),
                header.nemesis(),
                header.seed(),
                header.commit(),
                header.command(),
                header.started(),
                header.parameters(),
                nanos / 1_000_000 / 1e3,
                faults,
                counts.invoked(),
                counts.ok(),
                counts.fail(),
                counts.info(),
                counts.infoShare(),
                verdict.outcome(),
                verdict.anomalies(),
                figures,
                verdict.notes());
    }

    /**
     * Several workloads of one run as one: sums, the worst outcome, and of each figure the worst.
     *
     * @param workloads in a word
     */
    public static RunSummary together(String workloads, List<RunSummary> parts) {
        RunSummary first = parts.get(0);
        Map<String, Long> figures = new TreeMap<>();
        List<Anomaly> anomalies = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (RunSummary part : parts) {
            part.figures.forEach((name, value) -> figures.merge(name, value, Math::max));
            anomalies.addAll(part.anomalies);
            notes.addAll(part.notes);
        }
        Counts counts = parts.stream()
                .map(part -> new Counts(part.operations, part.ok, part.fail, part.info))
                .reduce(Counts.NONE, Counts::plus);
        return new RunSummary(
                workloads,
                first.nemesis,
                first.seed,
                first.commit,
                first.command,
                first.started,
                first.parameters,
                parts.stream().mapToDouble(RunSummary::seconds).max().orElseThrow(),
                first.faults,
                counts.invoked(),
                counts.ok(),
                counts.fail(),
                counts.info(),
                counts.infoShare(),
                parts.stream()
                        .map(RunSummary::outcome)
                        .max(Comparator.naturalOrder())
                        .orElseThrow(),
                anomalies.stream().distinct().toList(),
                figures,
                notes.stream().distinct().toList());
    }

    /** In a line: the verdict and how calls ended. */
    public String line() {
        return String.format(
                Locale.ROOT,
                "%s: %s, %,d operations: %,d done, %,d not done, %,d unclear (%.1f %%)",
                workload,
                outcome.name().toLowerCase(Locale.ROOT),
                operations,
                ok,
                fail,
                info,
                100 * infoShare);
    }

    /** All blows. */
    public long faultsInAll() {
        return faults.values().stream().mapToLong(Long::longValue).sum();
    }

    /** All anomalies that were seen, those too that are not told in full. */
    public long anomaliesInAll() {
        return figures.entrySet().stream()
                .filter(figure -> figure.getKey().startsWith("anomalies."))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** As JSON. */
    public String json() throws IOException {
        return JSON.writeValueAsString(this);
    }

    /** Writes the file. */
    public void writeTo(Path file) throws IOException {
        Files.writeString(file, json() + "\n");
    }

    /** Reads what {@link #writeTo} wrote. */
    public static RunSummary read(Path file) throws IOException {
        return JSON.readValue(Files.readString(file), RunSummary.class);
    }
}
