package io.tidemark.jepsen.checker;

import io.tidemark.jepsen.checker.OpenTransaction.Effect;
import io.tidemark.jepsen.checker.OpenTransaction.Options;
import io.tidemark.jepsen.checker.OpenTransaction.Outcome;
import io.tidemark.jepsen.checker.OpenTransaction.Part;
import io.tidemark.jepsen.history.Call;
import io.tidemark.jepsen.history.History;
import io.tidemark.jepsen.history.Values;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Transactions that stay open over many calls: {@code begin [t]}, {@code put [t, k, v]}, {@code delete [t, k]},
 * {@code get [t, k, v]}, {@code savepoint [t, s]}, {@code rollback-to [t, s]}, {@code commit [t]} (its answer carries the
 * LSN), {@code rollback [t]}; and {@code read {k: v, …}}, everything in one snapshot. A client that vanishes just stops.
 * Values are unique.
 *
 * <p>What a read shows is the whole of committed transactions and nothing of others: not of those rolled back, expired or
 * still open, not what was taken back to a savepoint or overwritten by the same transaction. What was committed before the
 * read began is there, or what a later transaction made of it. Of a commit with an unclear end all is there, or nothing. A key that
 * a transaction has changed nobody else changes before its end.
 */
public final class OpenTransactionChecker implements Checker {

    /** A value that nobody wrote. */
    public static final String UNEXPECTED = "unexpected-value";
    /** Of a transaction that was not committed. */
    public static final String ABORTED = "aborted-effect";
    /** Of a transaction whose commit had not been asked for yet. */
    public static final String DIRTY = "dirty-read";
    /** Taken back to a savepoint, or refused. */
    public static final String SAVEPOINT = "savepoint-leak";
    /** Overwritten by the same transaction. */
    public static final String INTERMEDIATE = "intermediate-effect";
    /** A part of a transaction only. */
    public static final String PARTIAL = "partial-effects";
    /** Committed, and not there. */
    public static final String LOST = "lost-effects";
    /** Two transactions held the lock of one key at the same time. */
    public static final String LOCK = "lock-broken";
    /** A transaction did not see its own change. */
    public static final String OWN = "own-write-not-seen";

    /** Of the changes of a key, how many after one are compared with it. */
    private static final int HOLDERS_MAX = 64;

    private record Written(OpenTransaction transaction, Effect effect) {}

    private final Map<String, OpenTransaction> transactions = new HashMap<>();
    private final Map<String, Written> values = new HashMap<>();
    private final Map<String, List<OpenTransaction>> deleters = new HashMap<>();
    private final List<Call> reads = new ArrayList<>();
    private final List<Call> gets = new ArrayList<>();
    private final Findings findings = new Findings();

    @Override
    public Verdict check(History history, Limits limits) {
        return new OpenTransactionChecker().judge(history);
    }

    private Verdict judge(History history) {
        history.calls().forEach(this::collect);
        transactions.values().forEach(t -> {
            findings.count("transactions." + t.outcome().name().toLowerCase(Locale.ROOT));
            t.end().forEach((key, options) -> {
                if (options.values().contains(null) && t.outcome() != Outcome.NONE) {
                    deleters.computeIfAbsent(key, k -> new ArrayList<>()).add(t);
                }
            });
        });
        for (Call get : gets) {
            List<?> value = Values.list(get.value());
            if (value.get(2) != null) {
                origin(get, Values.text(value.get(1)), Values.text(value.get(2)), Values.text(value.get(0)));
            }
        }
        locks();
        findings.figure("reads", reads.size());
        if (reads.isEmpty()) {
            findings.undecided("nobody read what was committed");
        }
        snapshots();
        return findings.verdict(history);
    }

    private void collect(Call call) {
        if (call.f().equals("read")) {
            if (call.ok()) {
                reads.add(call);
            }
            return;
        }
        List<?> value = Values.list(call.value());
        OpenTransaction transaction = transactions.computeIfAbsent(Values.text(value.get(0)), OpenTransaction::new);
        Effect effect = transaction.step(call);
        if (effect != null && effect.value != null) {
            Written other = values.put(effect.value, new Written(transaction, effect));
            if (other != null) {
                throw new IllegalArgumentException(
                        "value " + effect.value + " is written twice: " + other.effect().call + " and " + call);
            }
        }
        if (call.f().equals("get") && call.ok()) {
            gets.add(call);
            Options own = transaction.now(Values.text(value.get(1)));
            if (own != null && !own.untouched() && !own.values().contains(Values.text(value.get(2)))) {
                findings.add(OWN, call + ": its own change is " + own.values(), call);
            }
        }
    }

    /** What stands where in a snapshot: who wrote it, and whether it may be seen at all. */
    private OpenTransaction origin(Call read, String key, String value, String reader) {
        Written written = values.get(value);
        if (written == null || !written.effect().key.equals(key)) {
            findings.add(UNEXPECTED, read.place() + " saw " + key + " = " + value + ", which nobody wrote there", read);
            return null;
        }
        OpenTransaction writer = written.transaction();
        Effect effect = written.effect();
        if (writer.name.equals(reader)) {
            return writer;
        }
        String saw = read.place() + " saw " + key + " = " + value + " of " + writer;
        if (writer.outcome() == Outcome.NONE) {
            findings.add(ABORTED, saw, read, effect.call);
        } else if (read.ended() < writer.commit().began()) {
            findings.add(DIRTY, saw + " before the commit was asked for", read, effect.call);
        } else if (effect.part == Part.GONE) {
            findings.add(SAVEPOINT, saw + ", which took it back: " + effect.call, read, effect.call);
        } else if (!writer.end().get(key).values().contains(value)) {
            findings.add(INTERMEDIATE, saw + ", which overwrote it itself", read, effect.call);
        }
        return writer;
    }

    private void locks() {
        Map<String, List<Written>> changes = new HashMap<>();
        transactions
                .values()
                .forEach(t -> t.certain()
                        .forEach(e -> changes.computeIfAbsent(e.key, k -> new ArrayList<>())
                                .add(new Written(t, e))));
        changes.values().forEach(all -> {
            all.sort(Comparator.comparingLong(w -> w.effect().call.ended()));
            for (int i = 0; i < all.size(); i++) {
                for (int j = i + 1; j < all.size() && j < i + HOLDERS_MAX; j++) {
                    Written first = all.get(i);
                    Call second = all.get(j).effect().call;
                    if (first.transaction() != all.get(j).transaction()
                            && first.transaction().heldDuring(first.effect(), second)) {
                        findings.add(
                                LOCK,
                                first.effect().call + " locked the key, " + second + " changed it too, and "
                                        + first.transaction() + " went on",
                                first.effect().call,
                                second);
                    }
                }
            }
        });
    }

    private void snapshots() {
        List<OpenTransaction> committed = new ArrayList<>(transactions.values().stream()
                .filter(t -> t.outcome() == Outcome.COMMITTED)
                .sorted(Comparator.comparingLong(t -> t.commit().ended()))
                .toList());
        Map<String, OpenTransaction> floor = new HashMap<>();
        int done = 0;
        for (Call read : reads) {
            for (; done < committed.size() && committed.get(done).commit().before(read); done++) {
                OpenTransaction t = committed.get(done);
                t.end().forEach((key, options) -> {
                    if (!options.untouched()
                            && (!floor.containsKey(key) || floor.get(key).before(t))) {
                        floor.put(key, t);
                    }
                });
            }
            snapshot(read, floor);
        }
    }

    private void snapshot(Call read, Map<String, OpenTransaction> floor) {
        Map<String, OpenTransaction> writers = new HashMap<>();
        Map<String, String> state = new HashMap<>();
        Values.map(read.value()).forEach((key, value) -> {
            if (value != null) {
                state.put(key.toString(), Values.text(value));
                writers.put(key.toString(), origin(read, key.toString(), Values.text(value), null));
            }
        });
        floor.forEach((key, t) -> {
            if (!holds(t, key, state.get(key), writers.get(key))) {
                findings.add(LOST, missing(read, key, state.get(key), t), read, t.commit());
            }
        });
        Set<OpenTransaction> visible = new HashSet<>(writers.values());
        visible.remove(null);
        for (OpenTransaction t : visible) {
            t.end().forEach((key, options) -> {
                if (t.commit() != null && floor.get(key) != t && !holds(t, key, state.get(key), writers.get(key))) {
                    findings.add(
                            PARTIAL, missing(read, key, state.get(key), t) + ", though others of it", read, t.commit());
                }
            });
        }
    }

    private static String missing(Call read, String key, String value, OpenTransaction t) {
        return read.place() + " saw " + key + " = " + value + ", not the "
                + t.end().get(key).values() + " of " + t;
    }

    /** Whether the state of a key can be what it is with the transaction in it. */
    private boolean holds(OpenTransaction t, String key, String value, OpenTransaction writer) {
        Options options = t.end().get(key);
        if (options.untouched() || options.values().contains(value)) {
            return true;
        }
        if (value != null) {
            return writer == null || writer != t && !writer.before(t);
        }
        return deleters.getOrDefault(key, List.of()).stream().anyMatch(d -> d != t && !d.before(t));
    }
}
