package io.tidemark.jepsen.checker;

import io.tidemark.jepsen.history.Counts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a checker found.
 *
 * @param outcome invalid if there is an anomaly, whatever else could not be decided
 * @param anomalies the first ones of each class
 * @param counts how calls ended
 * @param figures what was counted on the way, by name; {@code anomalies.X} is how often class X was seen in all
 * @param notes what a reader should know: why it is unknown, what was not looked at
 */
public record Verdict(
        Outcome outcome, List<Anomaly> anomalies, Counts counts, Map<String, Long> figures, List<String> notes) {

    /** In order of rank. */
    public enum Outcome {
        /** The history is as it must be. */
        VALID,
        /** It could not be decided; this is no acquittal. */
        UNKNOWN,
        /** It cannot be. */
        INVALID
    }

    /** Copies. */
    public Verdict {
        anomalies = List.copyOf(anomalies);
        figures = Collections.unmodifiableMap(new TreeMap<>(figures));
        notes = List.copyOf(notes);
    }

    /** Whether the history is as it must be. */
    public boolean valid() {
        return outcome == Outcome.VALID;
    }

    /** Whether anything is known. */
    public boolean decided() {
        return outcome != Outcome.UNKNOWN;
    }

    /** Classes of anomalies that were seen. */
    public Set<String> types() {
        Set<String> types = new TreeSet<>();
        anomalies.forEach(anomaly -> types.add(anomaly.type()));
        return types;
    }

    /** The first anomaly, else the notes, else the figures, in words. */
    public String message() {
        if (!anomalies.isEmpty()) {
            Anomaly first = anomalies.get(0);
            return first.type() + ": " + first.explanation();
        }
        return notes.isEmpty() ? figures.toString() : String.join("; ", notes);
    }

    /** Both verdicts on one history; the worse outcome counts. */
    public Verdict and(Verdict other) {
        List<Anomaly> all = new ArrayList<>(anomalies);
        all.addAll(other.anomalies);
        Map<String, Long> both = new TreeMap<>(figures);
        both.putAll(other.figures);
        List<String> said = new ArrayList<>(notes);
        other.notes.stream().filter(note -> !said.contains(note)).forEach(said::add);
        Outcome worse = outcome.compareTo(other.outcome) >= 0 ? outcome : other.outcome;
        return new Verdict(worse, all, counts, both, said);
    }
}
