package io.tidemark.jepsen.checker.append;

import io.tidemark.jepsen.checker.Findings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What order the appends of each key took, as far as reads tell: a list that was read is its own history, because every
 * element is appended once (Elle: recoverability and traceability of lists). The longest list read of a key is its order;
 * every other one must be a beginning of it.
 */
final class Versions {

    /** A list has one element twice. */
    static final String DUPLICATE = "duplicate-element";
    /** Two lists of one key, neither of which is a beginning of the other. */
    static final String INCOMPATIBLE = "incompatible-order";
    /** An element that nobody appended. */
    static final String UNEXPECTED = "unexpected-element";

    /** Appends of a key that nobody ever saw, and were acknowledged. */
    private static final int UNSEEN_MAX = 64;

    /** One key. */
    static final class Key {
        final String name;
        /** Who appended what; failed and unclear ones too. */
        final Map<Object, Transaction> writers = new HashMap<>();
        /** The longest list that was read, and by whom. */
        List<?> order = List.of();

        Transaction longest;
        /** False if reads contradict one another: then its order proves nothing. */
        boolean sound = true;
        /** Acknowledged appends that no read has, which therefore come after {@link #order}. */
        final List<Object> unseen = new ArrayList<>();

        boolean read;

        Key(String name) {
            this.name = name;
        }

        Transaction writerAt(int position) {
            return writers.get(order.get(position));
        }
    }

    final Map<String, Key> keys = new HashMap<>();
    private final List<Transaction> transactions;
    private final Findings findings;

    Versions(List<Transaction> transactions, Findings findings) {
        this.transactions = transactions;
        this.findings = findings;
        transactions.forEach(this::collect);
        for (Transaction transaction : transactions) {
            reads(transaction, this::longest);
        }
        for (Transaction transaction : transactions) {
            reads(transaction, this::compare);
        }
        keys.values().forEach(Versions::unseen);
    }

    /** Something done with each read of an acknowledged transaction. */
    private interface Look {
        void at(Transaction reader, Key key, List<?> list);
    }

    private void reads(Transaction transaction, Look look) {
        if (transaction.ok()) {
            for (Transaction.Step step : transaction.steps) {
                if (!step.append()) {
                    look.at(transaction, keys.get(step.key()), step.list());
                }
            }
        }
    }

    private void collect(Transaction transaction) {
        for (Transaction.Step step : transaction.steps) {
            Key key = keys.computeIfAbsent(step.key(), Key::new);
            if (step.append()) {
                Transaction other = key.writers.put(step.element(), transaction);
                if (other != null) {
                    throw new IllegalArgumentException("element " + step.element() + " is appended twice to "
                            + step.key() + ", by " + other + " and " + transaction + "; elements must be unique");
                }
            }
        }
    }

    private void longest(Transaction reader, Key key, List<?> list) {
        key.read = true;
        boolean whole = true;
        Set<Object> once = new HashSet<>();
        for (Object element : list) {
            if (!once.add(element)) {
                whole = false;
                findings.add(
                        DUPLICATE, element + " is twice in the " + key.name + " that " + reader + " read", reader.call);
            }
            if (!key.writers.containsKey(element)) {
                whole = false;
                findings.add(
                        UNEXPECTED,
                        element + " is in the " + key.name + " that " + reader + " read, but nobody appended it",
                        reader.call);
            }
        }
        if (!whole) {
            key.sound = false;
        } else if (list.size() > key.order.size()) {
            key.order = list;
            key.longest = reader;
        }
    }

    private void compare(Transaction reader, Key key, List<?> list) {
        if (key.longest != null && !Lists.begins(list, key.order)) {
            key.sound = false;
            findings.add(
                    INCOMPATIBLE,
                    "two orders of " + key.name + ": " + Lists.text(list) + " in " + reader + ", and "
                            + Lists.text(key.order) + " in " + key.longest,
                    reader.call,
                    key.longest.call);
        }
    }

    private static void unseen(Key key) {
        Set<Object> seen = new HashSet<>(key.order);
        key.writers.forEach((element, writer) -> {
            if (writer.ok() && !seen.contains(element)) {
                key.unseen.add(element);
            }
        });
    }

    /** Those of the unseen that take part in the graph: all, or, of very many, some. */
    static List<Object> someUnseen(Key key) {
        return key.unseen.subList(0, Math.min(UNSEEN_MAX, key.unseen.size()));
    }

    List<Transaction> transactions() {
        return transactions;
    }
}
