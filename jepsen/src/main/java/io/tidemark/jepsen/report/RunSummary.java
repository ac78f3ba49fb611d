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
import java.util.List;
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
                verdict.figures(),
                verdict.notes());
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
