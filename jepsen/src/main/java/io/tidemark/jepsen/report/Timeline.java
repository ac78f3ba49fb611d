package io.tidemark.jepsen.report;

import io.tidemark.jepsen.checker.Anomaly;
import io.tidemark.jepsen.checker.Verdict;
import io.tidemark.jepsen.history.History;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What all plots of a page have behind them.
 *
 * @param nanos length of the run
 * @param blows of all nemeses
 * @param shades number of the shade of each nemesis
 * @param anomaly when the first anomaly showed, in nanoseconds, or -1
 */
record Timeline(long nanos, List<NemesisInterval> blows, Map<String, Integer> shades, long anomaly) {

    private static final int SHADES = 6;

    static Timeline of(History history, Verdict verdict) {
        List<NemesisInterval> blows = NemesisInterval.of(history);
        Map<String, Integer> shades = new TreeMap<>();
        blows.forEach(blow -> shades.putIfAbsent(blow.name(), (shades.size() + 1) % SHADES));
        int size = history.events().size();
        long nanos = size == 0 ? 0 : history.events().get(size - 1).time();
        List<Anomaly> anomalies = verdict.anomalies();
        List<Long> first = anomalies.isEmpty() ? List.of() : anomalies.get(0).events();
        long anomaly = first.isEmpty()
                ? -1
                : history.events().get(Math.toIntExact(first.get(0))).time();
        return new Timeline(nanos, blows, shades, anomaly);
    }

    double seconds() {
        return Math.max(nanos / 1e9, 1e-3);
    }
}
