package io.tidemark.jepsen.checker;

import io.tidemark.jepsen.history.Call;
import io.tidemark.jepsen.history.History;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a check has found so far. Keeps the first few of each class and counts the rest. Not thread safe. */
public final class Findings {

    private static final int SHOWN_PER_TYPE = 8;
    private static final String COUNT = "anomalies.";

    private final List<Anomaly> anomalies = new ArrayList<>();
    private final Map<String, Long> figures = new TreeMap<>();
    private final Map<String, Integer> shown = new HashMap<>();
    private final List<String> notes = new ArrayList<>();
    private final Set<String> forbidden;
    private final Set<String> permitted = new TreeSet<>();
    private boolean undecided;

    /** All anomalies count. */
    public Findings() {
        this(null);
    }

    /** Anomalies of these classes count; others are {@link #permitted}. */
    public Findings(Set<String> forbidden) {
        this.forbidden = forbidden;
    }

    /** An anomaly; {@code events} are indexes. */
    public void add(String type, String explanation, Long... events) {
        if (forbidden != null && !forbidden.contains(type)) {
            permitted.add(type);
            return;
        }
        figures.merge(COUNT + type, 1L, Long::sum);
        if (shown.merge(type, 1, Integer::sum) <= SHOWN_PER_TYPE) {
            anomalies.add(new Anomaly(type, explanation, Arrays.asList(events)));
        }
    }

    /** An anomaly of these calls. */
    public void add(String type, String explanation, Call... calls) {
        add(type, explanation, Arrays.stream(calls).map(Call::began).toArray(Long[]::new));
    }

    /** Something could not be decided, and why. */
    public void undecided(String why) {
        undecided = true;
        note(why);
    }

    /** Something that a reader should know. */
    public void note(String words) {
        if (!notes.contains(words)) {
            notes.add(words);
        }
    }

    /** Notes the classes that were seen and do not count. */
    public void permitted(String why) {
        if (!permitted.isEmpty()) {
            note("seen, and " + why + ": " + permitted);
        }
    }

    /** A figure that was counted. */
    public void figure(String name, long value) {
        figures.put(name, value);
    }

    /** Counts one more. */
    public void count(String name) {
        figures.merge(name, 1L, Long::sum);
    }

    /** The verdict. */
    public Verdict verdict(History history) {
        if (history.torn()) {
            note("the file ends in the middle of a line: whoever recorded was stopped");
        }
        Verdict.Outcome outcome = !anomalies.isEmpty()
                ? Verdict.Outcome.INVALID
                : undecided ? Verdict.Outcome.UNKNOWN : Verdict.Outcome.VALID;
        return new Verdict(outcome, anomalies, history.counts(), figures, notes);
    }
}
