package io.tidemark.jepsen.checker;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The search for one order of the operations on one register: Wing and Gong's, with Lowe's memoisation.
 *
 * <p>Calls and ends wait in a list in real time order. A call that stands before every pending end may be taken next if
 * the register allows it; it leaves the list together with its end. An end that is met first means that its call must
 * have been taken earlier: the search goes back one step. A pair (set of taken operations, value) that was reached
 * before is not searched again. Operations without an end may be taken at any time, or never.
 */
final class RegisterSearch {

    /** How a search ended. */
    enum Result {
        /** An order exists. */
        FOUND,
        /** None exists. */
        NO_ORDER,
        /** Too many states: nothing is known. */
        GAVE_UP
    }

    /** A call or an end in the list of what is not yet taken. */
    private static final class Pending {
        final int id;
        final boolean call;
        Pending before;
        Pending next;
        /** Of a call: its end, null if it has none. */
        Pending end;

        Pending(int id, boolean call) {
            this.id = id;
            this.call = call;
        }

        void unlink() {
            before.next = next;
            if (next != null) {
                next.before = before;
            }
        }

        void relink() {
            before.next = this;
            if (next != null) {
                next.before = this;
            }
        }
    }

    private record Reached(BitSet taken, String value) {}

    private record Step(Pending call, String valueBefore) {}

    private final List<Operation> operations;
    private final Pending head = new Pending(-1, false);
    private final Deque<Step> steps = new ArrayDeque<>();
    private final BitSet taken;
    private String value;
    private int mustEnd;
    private BitSet furthest = new BitSet();
    private String furthestValue;

    RegisterSearch(List<Operation> unordered) {
        operations = unordered.stream()
                .sorted(Comparator.comparingLong(Operation::call))
                .toList();
        taken = new BitSet(operations.size());
        List<long[]> points = new ArrayList<>();
        for (int id = 0; id < operations.size(); id++) {
            points.add(new long[] {operations.get(id).call(), id, 1});
            if (operations.get(id).end() != Operation.OPEN) {
                points.add(new long[] {operations.get(id).end(), id, 0});
                mustEnd++;
            }
        }
        points.sort(Comparator.comparingLong(p -> p[0]));
        link(points);
    }

    private void link(List<long[]> points) {
        Pending[] calls = new Pending[operations.size()];
        Pending last = head;
        for (long[] point : points) {
            Pending pending = new Pending((int) point[1], point[2] == 1);
            if (pending.call) {
                calls[pending.id] = pending;
            } else {
                calls[pending.id].end = pending;
            }
            pending.before = last;
            last.next = pending;
            last = pending;
        }
    }

    /** Searches; {@code statesMax} bounds memory and, with it, time. */
    Result run(int statesMax) {
        Set<Reached> reached = new HashSet<>();
        Pending at = head.next;
        while (mustEnd > 0) {
            if (at == null || !at.call) {
                at = goBack();
                if (at == head) {
                    return Result.NO_ORDER;
                }
            } else if (allows(operations.get(at.id)) && reached.add(afterTaking(at))) {
                if (reached.size() > statesMax) {
                    return Result.GAVE_UP;
                }
                take(at);
                at = head.next;
            } else {
                at = at.next;
            }
        }
        return Result.FOUND;
    }

    private Reached afterTaking(Pending call) {
        BitSet then = (BitSet) taken.clone();
        then.set(call.id);
        return new Reached(then, after(operations.get(call.id)));
    }

    private void take(Pending call) {
        steps.push(new Step(call, value));
        value = after(operations.get(call.id));
        taken.set(call.id);
        call.unlink();
        if (call.end != null) {
            call.end.unlink();
            mustEnd--;
        }
        if (taken.cardinality() > furthest.cardinality()) {
            furthest = (BitSet) taken.clone();
            furthestValue = value;
        }
    }

    /** Undoes the last step and answers where to go on after it; the head if there was none. */
    private Pending goBack() {
        if (steps.isEmpty()) {
            return head;
        }
        Step step = steps.pop();
        Pending call = step.call();
        if (call.end != null) {
            call.end.relink();
            mustEnd++;
        }
        call.relink();
        taken.clear(call.id);
        value = step.valueBefore();
        return call.next;
    }

    private boolean allows(Operation o) {
        return switch (o.f()) {
            case "read" -> Objects.equals(value, o.to());
            case "write" -> true;
            case "cas" ->
                switch (o.outcome()) {
                    case DONE -> Objects.equals(value, o.from());
                    case REFUSED -> !Objects.equals(value, o.from());
                    case UNKNOWN -> true;
                };
            default -> throw new IllegalArgumentException("a register knows no " + o.f());
        };
    }

    private String after(Operation o) {
        return switch (o.f()) {
            case "read" -> value;
            case "write" -> o.to();
            default -> o.outcome() != Operation.Outcome.REFUSED && Objects.equals(value, o.from()) ? o.to() : value;
        };
    }

    /** The place where the search got furthest, for a person. */
    String explain(String key, Result result) {
        StringBuilder text = new StringBuilder("key ").append(key);
        text.append(result == Result.GAVE_UP ? ": given up" : ": no order exists");
        text.append(" past ").append(furthest.cardinality()).append(" of ").append(operations.size());
        text.append(" operations, where the register holds ")
                .append(furthestValue)
                .append("; not taken there:");
        int id = furthest.nextClearBit(0);
        for (int shown = 0; shown < 12 && id < operations.size(); shown++) {
            text.append("\n  ").append(operations.get(id));
            id = furthest.nextClearBit(id + 1);
        }
        text.append("\ntaken with the latest calls:");
        id = furthest.length() - 1;
        for (int shown = 0; shown < 6 && id >= 0; shown++) {
            text.append("\n  ").append(operations.get(id));
            id = furthest.previousSetBit(id - 1);
        }
        return text.toString();
    }
}
