package io.tidemark.jepsen.checker.append;

import io.tidemark.jepsen.checker.Findings;
import io.tidemark.jepsen.history.Call;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Anomalies that need no cycle: seen in one read, or in one transaction, together with who wrote what. */
final class SimpleAnomalies {

    /** Aborted read: an element of a transaction that failed. */
    static final String G1A = "G1a";
    /** Intermediate read: a list that ends within another transaction's appends. */
    static final String G1B = "G1b";
    /** An acknowledged transaction appended after an element of one that failed. */
    static final String DIRTY_UPDATE = "dirty-update";
    /** A transaction's read contradicts what it did or read before. */
    static final String INTERNAL = "internal";
    /** Two transactions read the same list, and both appended to it. */
    static final String LOST_UPDATE = "lost-update";
    /** An acknowledged append that is in no read, though some began after it. */
    static final String LOST_APPEND = "lost-append";

    private record Read(String key, int length) {}

    private final Versions versions;
    private final Findings findings;
    private final Map<Read, Transaction> updaters = new HashMap<>();
    private final Map<String, Transaction> lastReader = new HashMap<>();

    SimpleAnomalies(Versions versions, Findings findings) {
        this.versions = versions;
        this.findings = findings;
    }

    void find() {
        for (Transaction transaction : versions.transactions()) {
            if (transaction.ok()) {
                reads(transaction);
                internal(transaction);
                updates(transaction);
            }
        }
        versions.keys.values().forEach(this::dirtyUpdates);
        versions.keys.values().forEach(this::lost);
    }

    private void reads(Transaction reader) {
        for (Transaction.Step step : reader.steps) {
            if (step.append()) {
                continue;
            }
            lastReader.put(step.key(), reader);
            Versions.Key key = versions.keys.get(step.key());
            for (Object element : step.list()) {
                Transaction writer = key.writers.get(element);
                if (writer != null && writer.failed()) {
                    findings.add(
                            G1A,
                            reader + " read " + element + " in " + step.key()
                                    + ", which a transaction appended that failed: " + writer,
                            reader.call,
                            writer.call);
                }
            }
            intermediate(reader, step, key);
        }
    }

    private void intermediate(Transaction reader, Transaction.Step step, Versions.Key key) {
        if (step.list().isEmpty()) {
            return;
        }
        Object last = step.list().get(step.list().size() - 1);
        Transaction writer = key.writers.get(last);
        if (writer == null || writer == reader) {
            return;
        }
        Object lastOfWriter = null;
        for (Transaction.Step written : writer.steps) {
            if (written.append() && written.key().equals(step.key())) {
                lastOfWriter = written.element();
            }
        }
        if (!last.equals(lastOfWriter)) {
            findings.add(
                    G1B,
                    reader + " read " + step.key() + " up to " + last
                            + ", in the middle of a transaction that went on to append " + lastOfWriter + ": " + writer,
                    reader.call,
                    writer.call);
        }
    }

    /** After a read the list is known; after appends without a read, its end is. */
    private void internal(Transaction transaction) {
        Map<String, List<Object>> known = new HashMap<>();
        Map<String, Boolean> whole = new HashMap<>();
        for (Transaction.Step step : transaction.steps) {
            List<Object> expected = known.get(step.key());
            if (step.append()) {
                known.computeIfAbsent(step.key(), k -> new ArrayList<>()).add(step.element());
                whole.putIfAbsent(step.key(), false);
                continue;
            }
            List<?> list = step.list();
            boolean fits = expected == null
                    || (whole.get(step.key())
                            ? list.equals(expected)
                            : list.size() >= expected.size()
                                    && list.subList(list.size() - expected.size(), list.size())
                                            .equals(expected));
            if (!fits) {
                findings.add(
                        INTERNAL,
                        "by its own steps " + transaction + " had to read " + step.key() + " as "
                                + (whole.get(step.key()) ? "" : "something that ends with ") + Lists.text(expected),
                        transaction.call);
            }
            known.put(step.key(), new ArrayList<>(list));
            whole.put(step.key(), true);
        }
    }

    private void updates(Transaction transaction) {
        Map<String, Integer> first = new HashMap<>();
        for (Transaction.Step step : transaction.steps) {
            if (!step.append()) {
                first.putIfAbsent(step.key(), step.list().size());
                continue;
            }
            Integer length = first.put(step.key(), -1);
            if (length == null || length < 0 || !versions.keys.get(step.key()).sound) {
                continue;
            }
            Transaction other = updaters.putIfAbsent(new Read(step.key(), length), transaction);
            if (other != null) {
                findings.add(
                        LOST_UPDATE,
                        "both read the same " + step.key() + ", of " + length + " elements, and appended to it: "
                                + other + ", and " + transaction,
                        other.call,
                        transaction.call);
            }
        }
    }

    private void dirtyUpdates(Versions.Key key) {
        Transaction failed = null;
        for (Object element : key.order) {
            Transaction writer = key.writers.get(element);
            if (failed != null && writer.ok()) {
                findings.add(
                        DIRTY_UPDATE,
                        writer + " appended " + element + " to a " + key.name
                                + " that holds what a transaction left that failed: " + failed,
                        writer.call,
                        failed.call);
                return;
            }
            failed = writer.failed() ? writer : failed;
        }
    }

    private void lost(Versions.Key key) {
        Transaction reader = lastReader.get(key.name);
        for (Object element : key.unseen) {
            Call writer = key.writers.get(element).call;
            if (reader != null && writer.before(reader.call)) {
                findings.add(
                        LOST_APPEND,
                        element + " was appended to " + key.name + " by " + key.writers.get(element)
                                + " and acknowledged, but no read has it; the last, " + reader + ", began later",
                        writer,
                        reader.call);
            }
        }
    }
}
