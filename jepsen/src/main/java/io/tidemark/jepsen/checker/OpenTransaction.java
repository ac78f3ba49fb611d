package io.tidemark.jepsen.checker;

import io.tidemark.jepsen.history.Call;
import io.tidemark.jepsen.history.Values;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One transaction as its client told it, step by step, and what it may leave behind. */
final class OpenTransaction {

    /** Whether it was committed. */
    enum Outcome {
        COMMITTED,
        /** The commit's end is unclear. */
        UNKNOWN,
        /** Rolled back, refused, or left alone until it expires. */
        NONE
    }

    /** Whether a step is part of the transaction at its end. */
    enum Part {
        CERTAIN,
        MAYBE,
        /** Taken back by a savepoint, or refused. */
        GONE
    }

    /** A change: {@code value} null = the key is deleted. */
    static final class Effect {
        final Call call;
        final String key;
        final String value;
        Part part;

        Effect(Call call, String key, String value) {
            this.call = call;
            this.key = key;
            this.value = value;
            this.part = call.ok() ? Part.CERTAIN : call.info() ? Part.MAYBE : Part.GONE;
        }
    }

    /** What a key may hold at the end, as far as this transaction is concerned. */
    record Options(Set<String> values, boolean untouched) {}

    final String name;
    private final List<Effect> effects = new ArrayList<>();
    private final Map<String, Integer> savepoints = new HashMap<>();
    private Outcome outcome = Outcome.NONE;
    private Call commit;
    private Call lastDone;
    private Map<String, Options> end;

    OpenTransaction(String name) {
        this.name = name;
    }

    /** The next step of its client, in order. Answers the effect if it is a change. */
    Effect step(Call call) {
        List<?> value = Values.list(call.invoke().value());
        lastDone = call.ok() ? call : lastDone;
        switch (call.f()) {
            case "put", "delete" -> {
                String put = call.f().equals("put") ? Values.text(value.get(2)) : null;
                Effect effect = new Effect(call, Values.text(value.get(1)), put);
                effects.add(effect);
                return effect;
            }
            case "savepoint" -> {
                if (!call.fail()) {
                    savepoints.put(Values.text(value.get(1)), effects.size());
                }
            }
            case "rollback-to" -> backTo(call, Values.text(value.get(1)));
            case "commit" -> {
                if (!call.fail() && outcome != Outcome.COMMITTED) {
                    outcome = call.ok() ? Outcome.COMMITTED : Outcome.UNKNOWN;
                    commit = call;
                }
            }
            case "begin", "rollback", "get" -> {}
            default -> throw new IllegalArgumentException("a transaction knows no " + call.f() + ": " + call);
        }
        return null;
    }

    private void backTo(Call call, String savepoint) {
        Integer position = savepoints.get(savepoint);
        if (call.fail()) {
            return;
        }
        if (position == null) {
            throw new IllegalArgumentException(call + " names a savepoint that was not taken");
        }
        for (Effect effect : effects.subList(position, effects.size())) {
            if (call.ok()) {
                effect.part = Part.GONE;
            } else if (effect.part == Part.CERTAIN) {
                effect.part = Part.MAYBE;
            }
        }
    }

    Outcome outcome() {
        return outcome;
    }

    /** The commit, or null if none was asked for, or all were refused. */
    Call commit() {
        return commit;
    }

    /** The LSN of the commit, or null. */
    Long lsn() {
        return commit == null ? null : commit.seen().lsn();
    }

    /** Changes that certainly were made and not taken back: their keys are locked from then on. */
    List<Effect> certain() {
        return effects.stream().filter(e -> e.part == Part.CERTAIN).toList();
    }

    /** Whether it certainly held the lock of its change while all of the other call went on. */
    boolean heldDuring(Effect own, Call other) {
        return own.call.before(other) && lastDone != null && other.ended() < lastDone.began();
    }

    /** Whether its commit certainly came before the other's. */
    boolean before(OpenTransaction other) {
        if (lsn() != null && other.lsn() != null) {
            return lsn() < other.lsn();
        }
        return commit != null && other.commit != null && commit.before(other.commit);
    }

    /** What it leaves behind, by key. Asked when all steps are known. */
    Map<String, Options> end() {
        if (end == null) {
            end = new LinkedHashMap<>();
            effects.forEach(effect -> end.computeIfAbsent(effect.key, key -> options(key, effects)));
        }
        return end;
    }

    /** What its own reads must see of a key now, before it ended; null if it has not touched it. */
    Options now(String key) {
        return effects.stream().anyMatch(e -> e.key.equals(key)) ? options(key, effects) : null;
    }

    private static Options options(String key, List<Effect> effects) {
        Set<String> values = new HashSet<>();
        for (int i = effects.size() - 1; i >= 0; i--) {
            Effect effect = effects.get(i);
            if (effect.key.equals(key) && effect.part != Part.GONE) {
                values.add(effect.value);
                if (effect.part == Part.CERTAIN) {
                    return new Options(values, false);
                }
            }
        }
        return new Options(values, true);
    }

    @Override
    public String toString() {
        return "transaction " + name + " (" + (commit == null ? "never committed" : commit.toString()) + ")";
    }
}
