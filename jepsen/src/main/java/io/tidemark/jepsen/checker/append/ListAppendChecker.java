package io.tidemark.jepsen.checker.append;

import io.tidemark.jepsen.checker.Checker;
import io.tidemark.jepsen.checker.Findings;
import io.tidemark.jepsen.checker.Limits;
import io.tidemark.jepsen.checker.Verdict;
import io.tidemark.jepsen.history.Call;
import io.tidemark.jepsen.history.History;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Transactions that append unique elements to lists and read lists: {@code txn [["append", k, v], ["r", k, [v, …]], …]}.
 * Finds the anomalies of Adya's formalism, and explains each.
 *
 * <p>After Kingsbury and Alvaro, "Elle: Inferring Isolation Anomalies from Experimental Observations", PVLDB 14(3), 2020:
 * unique appends make every read tell who wrote what ("recoverability") and in which order ("traceability"); from that
 * follow dependencies between transactions, and cycles of them are anomalies, sound under calls whose end is unclear. Two
 * things go beyond it: an acknowledged append that no read has is known to come after everything that was read, and real
 * time orders transactions if strict serializability is claimed.
 *
 * <p>The parameter {@code isolation} of the history says what is claimed ({@link Isolation}; strict-serializable if
 * missing). What is seen and not forbidden by that level is a note, not an anomaly.
 */
public final class ListAppendChecker implements Checker {

    private static final int COMPONENTS_MAX = 32;
    private static final int ALL = 0xF;

    @Override
    public Verdict check(History history, Limits limits) {
        Isolation isolation = Isolation.of(history.header().parameter("isolation", "strict-serializable"));
        BooleanSupplier late = limits.deadline();
        List<Transaction> transactions = new ArrayList<>();
        for (Call call : history.calls()) {
            if (!call.f().equals("txn")) {
                throw new IllegalArgumentException("lists know transactions only, not " + call);
            }
            transactions.add(new Transaction(call));
        }
        Findings findings = new Findings(isolation.forbidden());
        Versions versions = new Versions(transactions, findings);
        new SimpleAnomalies(versions, findings).find();
        DependencyGraph graph = new DependencyGraph(versions, isolation == Isolation.STRICT_SERIALIZABLE);
        cycles(graph, late, findings);
        findings.figure("transactions", transactions.size());
        findings.figure("keys", versions.keys.size());
        findings.figure("edges", graph.edges());
        findings.figure(
                "contradictory-keys",
                versions.keys.values().stream().filter(k -> !k.sound).count());
        if (late.getAsBoolean()) {
            findings.undecided("the search for cycles was given up");
        }
        if (versions.keys.values().stream().noneMatch(key -> key.read)) {
            findings.undecided("nobody read a list");
        }
        findings.permitted("not forbidden by " + isolation.title());
        return findings.verdict(history);
    }

    /**
     * One cycle of each component, of the narrowest class: where one was found, wider classes would show the same again by
     * a longer way. (Every level forbids the narrower classes first, so that no verdict depends on it.)
     */
    private static void cycles(DependencyGraph graph, BooleanSupplier late, Findings findings) {
        if (Components.of(graph, ALL).isEmpty()) {
            return;
        }
        CycleSearch search = new CycleSearch(graph, late);
        List<List<Edge>> found = new ArrayList<>();
        for (CycleClass wanted : CycleClass.values()) {
            int tried = 0;
            for (int[] component : Components.of(graph, wanted.first | wanted.rest)) {
                if (tried++ >= COMPONENTS_MAX || found.stream().anyMatch(cycle -> within(cycle, component))) {
                    continue;
                }
                List<Edge> cycle = search.shortest(component, wanted.first, wanted.rest, wanted.also);
                boolean timed = cycle != null && cycle.stream().anyMatch(e -> e.why() == Edge.Why.REALTIME);
                if (cycle != null && timed == wanted.realTime) {
                    found.add(cycle);
                    findings.add(wanted.title, explain(graph, cycle), calls(graph, cycle));
                }
            }
        }
    }

    private static boolean within(List<Edge> cycle, int[] component) {
        return cycle.stream().allMatch(edge -> Arrays.binarySearch(component, edge.from()) >= 0);
    }

    private static Call[] calls(DependencyGraph graph, List<Edge> cycle) {
        return cycle.stream().map(e -> graph.nodes.get(e.from()).call).toArray(Call[]::new);
    }

    private static String explain(DependencyGraph graph, List<Edge> cycle) {
        StringBuilder text =
                new StringBuilder("each of ").append(cycle.size()).append(" transactions comes before the next");
        for (int i = 0; i < cycle.size(); i++) {
            text.append("\n  T")
                    .append(i + 1)
                    .append(" = ")
                    .append(graph.nodes.get(cycle.get(i).from()));
        }
        for (int i = 0; i < cycle.size(); i++) {
            String t = "T" + (i + 1);
            String u = "T" + ((i + 1) % cycle.size() + 1);
            text.append("\n  ")
                    .append(t)
                    .append(" before ")
                    .append(u)
                    .append(": ")
                    .append(cycle.get(i).explain(t, u));
        }
        return text.toString();
    }
}
