package io.tidemark.jepsen.checker.append;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which transaction came before which, inferred from the orders of appends (Elle: inferred direct serialization graph).
 * Nodes are acknowledged transactions, and those with an unclear end of which some read has an element: they were
 * committed. What failed is no node.
 */
final class DependencyGraph {

    final List<Transaction> nodes = new ArrayList<>();
    private final List<List<Edge>> out = new ArrayList<>();
    private int edges;

    DependencyGraph(Versions versions, boolean realTime) {
        Set<Transaction> observed = new HashSet<>();
        for (Versions.Key key : versions.keys.values()) {
            key.order.forEach(element -> observed.add(key.writers.get(element)));
        }
        for (Transaction transaction : versions.transactions()) {
            if (transaction.ok() || !transaction.failed() && observed.contains(transaction)) {
                transaction.node = nodes.size();
                nodes.add(transaction);
                out.add(new ArrayList<>(4));
            }
        }
        versions.keys.values().stream().filter(key -> key.sound).forEach(this::writes);
        for (Transaction transaction : nodes) {
            if (transaction.ok()) {
                reads(transaction, versions);
            }
        }
        if (realTime) {
            realTime();
        }
    }

    List<Edge> out(int node) {
        return out.get(node);
    }

    int size() {
        return nodes.size();
    }

    int edges() {
        return edges;
    }

    private void add(Transaction from, Transaction to, Edge.Why why, String key, Object before, Object after) {
        if (from != to && from.node >= 0 && to.node >= 0) {
            out.get(from.node).add(new Edge(from.node, to.node, why, key, before, after));
            edges++;
        }
    }

    private void writes(Versions.Key key) {
        Transaction last = null;
        Object before = null;
        for (Object element : key.order) {
            Transaction writer = key.writers.get(element);
            if (writer.node < 0) {
                continue;
            }
            if (last != null) {
                add(last, writer, Edge.Why.WW, key.name, before, element);
            }
            last = writer;
            before = element;
        }
        if (last != null) {
            for (Object element : Versions.someUnseen(key)) {
                add(last, key.writers.get(element), Edge.Why.WW, key.name, before, element);
            }
        }
    }

    private void reads(Transaction reader, Versions versions) {
        Set<String> changed = new HashSet<>();
        for (Transaction.Step step : reader.steps) {
            Versions.Key key = versions.keys.get(step.key());
            if (step.append()) {
                changed.add(step.key());
            } else if (key.sound && !changed.contains(step.key())) {
                read(reader, key, step.list().size());
            }
        }
    }

    private void read(Transaction reader, Versions.Key key, int length) {
        Object last = length == 0 ? null : key.order.get(length - 1);
        for (int i = length - 1; i >= 0; i--) {
            Transaction writer = key.writerAt(i);
            if (writer.node >= 0) {
                add(writer, reader, Edge.Why.WR, key.name, key.order.get(i), null);
                break;
            }
        }
        for (int i = length; i < key.order.size(); i++) {
            Transaction next = key.writerAt(i);
            if (next.node >= 0) {
                add(reader, next, Edge.Why.RW, key.name, last, key.order.get(i));
                return;
            }
        }
        for (Object element : Versions.someUnseen(key)) {
            add(reader, key.writers.get(element), Edge.Why.RW, key.name, last, element);
        }
    }

    /**
     * Edges whose transitive closure is real time: each transaction gets one from those that ended last before it began,
     * which are as many as there were at work at once, not from all that ever ended.
     */
    private void realTime() {
        List<Transaction> byEnd = new ArrayList<>();
        nodes.stream().filter(Transaction::ok).forEach(byEnd::add);
        byEnd.sort((a, b) -> Long.compare(a.call.ended(), b.call.ended()));
        Set<Transaction> latest = new LinkedHashSet<>();
        List<List<Transaction>> before = new ArrayList<>();
        nodes.forEach(t -> before.add(List.of()));
        int ended = 0;
        for (Transaction transaction : nodes) {
            for (; ended < byEnd.size() && byEnd.get(ended).call.before(transaction.call); ended++) {
                Transaction done = byEnd.get(ended);
                before.get(done.node).forEach(latest::remove);
                latest.add(done);
            }
            before.set(transaction.node, List.copyOf(latest));
            for (Transaction earlier : latest) {
                add(earlier, transaction, Edge.Why.REALTIME, null, null, null);
            }
        }
    }
}
