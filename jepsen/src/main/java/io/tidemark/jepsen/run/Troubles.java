package io.tidemark.jepsen.run;

import io.tidemark.jepsen.checker.Anomaly;
import io.tidemark.jepsen.checker.Verdict;
import io.tidemark.jepsen.history.Counts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What went wrong in a run beside what its history shows, and what was measured. Used by one thread. */
final class Troubles {

    /** A nemesis could not heal what it had broken. */
    static final String NOT_HEALED = "not-healed";
    /** Nodes and S3 did not agree in time after healing. */
    static final String NO_AGREEMENT = "no-agreement";
    /** They did, only late: as slow a machine can make them. */
    static final String SLOW_AGREEMENT = "slow-agreement";
    /** A node was rebuilt though nothing had damaged it: it held what the others contradict, or could not read its own. */
    static final String REBUILT = "rebuilt-without-cause";
    /** A process ended by itself though nothing had damaged its node's files. */
    static final String HALTED = "halted-without-cause";
    /** No checkpoint of pages was made where many were due, so that nothing was tried that begins with one. */
    static final String NO_CHECKPOINT = "no-checkpoint";
    /** The watch over marks and objects saw what must not be. */
    static final String WATCH = "invariant-broken";
    /** A process of the workload met an answer that the client must never give. */
    static final String WORKLOAD = "workload-broke";

    private final List<Anomaly> anomalies = new ArrayList<>();
    private final Map<String, Long> figures = new TreeMap<>();
    private final List<String> notes = new ArrayList<>();

    /** Does something; a failure becomes an anomaly. Whether it was done. */
    boolean attempt(String type, Runnable deed) {
        try {
            deed.run();
            return true;
        } catch (RuntimeException | AssertionError e) {
            anomalies.add(new Anomaly(type, words(e), List.of()));
            return false;
        }
    }

    private static String words(Throwable failure) {
        StringBuilder words = new StringBuilder(String.valueOf(failure.getMessage()));
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            words.append("; because: ").append(cause);
        }
        return words.toString();
    }

    void add(String type, String words) {
        anomalies.add(new Anomaly(type, words, List.of()));
    }

    void figure(String name, long value) {
        figures.put(name, value);
    }

    void note(String words) {
        notes.add(words);
    }

    Verdict verdict(Counts counts) {
        Map<String, Long> all = new TreeMap<>(figures);
        anomalies.forEach(anomaly -> all.merge("anomalies." + anomaly.type(), 1L, Long::sum));
        Verdict.Outcome outcome = anomalies.isEmpty() ? Verdict.Outcome.VALID : Verdict.Outcome.INVALID;
        return new Verdict(outcome, anomalies, counts, all, notes);
    }
}
