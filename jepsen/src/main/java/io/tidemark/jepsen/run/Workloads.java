package io.tidemark.jepsen.run;

import io.tidemark.jepsen.cluster.Cluster;
import io.tidemark.jepsen.history.Recorder;
import io.tidemark.jepsen.workload.BankWorkload;
import io.tidemark.jepsen.workload.ClientRegisters;
import io.tidemark.jepsen.workload.ListAppendWorkload;
import io.tidemark.jepsen.workload.MarksWorkload;
import io.tidemark.jepsen.workload.OpenTransactionWorkload;
import io.tidemark.jepsen.workload.RegisterWorkload;
import io.tidemark.jepsen.workload.RestoreWorkload;
import io.tidemark.jepsen.workload.SessionWorkload;
import io.tidemark.jepsen.workload.SetWorkload;
import io.tidemark.jepsen.workload.WatchWorkload;
import io.tidemark.jepsen.workload.Workload;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** All workloads by name. */
final class Workloads {

    /** Of a call with all its attempts: longer than most blows, so that most calls have a clear end. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Makes a workload that has not begun. */
    interface Maker {
        Workload make(Recorder history, Cluster cluster);
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
                Map.of(),
                (history, cluster) -> new RegisterWorkload(history, ClientRegisters.on(cluster.endpoints(), PATIENCE)));
        add(
                "set",
                "adds to a set that is read whole at the end",
                Map.of(),
                (history, cluster) -> new SetWorkload(history, cluster.endpoints(), PATIENCE));
        add(
                "bank",
                "money moved between accounts in transactions, all read in one scan",
                BankWorkload.PARAMETERS,
                (history, cluster) -> new BankWorkload(history, cluster.endpoints(), PATIENCE));
        add(
                "list-append",
                "transactions that append to lists and read them; judged as by Elle",
                Map.of(),
                (history, cluster) -> new ListAppendWorkload(history, cluster.endpoints(), PATIENCE));
        add(
                "session",
                "each process reads any one node, at least of the LSN it has seen",
                Map.of(),
                (history, cluster) -> new SessionWorkload(history, cluster.endpoints(), PATIENCE));
        add(
                "open-transactions",
                "long transactions with savepoints, clients that vanish, snapshots",
                Map.of(),
                (history, cluster) -> new OpenTransactionWorkload(history, cluster.endpoints(), PATIENCE));
        add(
                "marks",
                "writes of all sizes; judged are the marks",
                Map.of(),
                (history, cluster) -> new MarksWorkload(history, cluster.endpoints(), PATIENCE));
        add(
                "restore",
                "LSNs taken during the run and restored afterwards, beside the cluster",
                Map.of(),
                (history, cluster) ->
                        new RestoreWorkload(history, cluster.endpoints(), PATIENCE, new ElsewhereRestorer(cluster)));
        add(
                "watch",
                "every change from LSN 0 on, told once and in order, meanwhile and afterwards",
                Map.of(),
                (history, cluster) ->
                        new WatchWorkload(history, cluster.endpoints(), PATIENCE, new CommandWatcher(cluster)));
    }

    private Workloads() {}

    private static void add(String name, String words, Map<String, String> parameters, Maker maker) {
        ENTRIES.put(name, new Entry(words, parameters, maker));
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
