package io.tidemark.jepsen.run;

import io.tidemark.jepsen.history.Recorder;
import io.tidemark.jepsen.workload.ClientRegisters;
import io.tidemark.jepsen.workload.RegisterWorkload;
import io.tidemark.jepsen.workload.Workload;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All workloads by name. */
final class Workloads {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Makes a workload that has not begun. */
    interface Maker {
        Workload make(Recorder history, List<String> endpoints);
    }

    /**
     * A workload that can be made.
     *
     * @param parameters what its judge wants to know
     */
    record Entry(String words, Map<String, String> parameters, Maker maker) {}

    private static final Map<String, Entry> ENTRIES = new TreeMap<>();

    static {
        add(
                "register",
                "reads, writes and compare-and-set of a few keys; judged for linearizability",
                (history, endpoints) -> new RegisterWorkload(history, ClientRegisters.on(endpoints, PATIENCE)));
    }

    private Workloads() {}

    private static void add(String name, String words, Maker maker) {
        ENTRIES.put(name, new Entry(words, Map.of(), maker));
    }

    static Map<String, Entry> all() {
        return Collections.unmodifiableMap(ENTRIES);
    }

    static void check(String name) {
        if (!ENTRIES.containsKey(name)) {
            throw new IllegalArgumentException(
                    "there is no workload '" + name + "'; there are " + String.join(", ", ENTRIES.keySet()));
        }
    }

    static Entry of(String name) {
        check(name);
        return ENTRIES.get(name);
    }
}
