package io.tidemark.jepsen.checker;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * The search for one order of the operations on one register: Wing and Gong's, with Lowe's memoisation and his
 * just-in-time placing of what need not be placed.
 *
 * <p>Calls and ends of operations that were done wait in a list in real time order. A call that stands before every pending
 * end may be taken next if the register allows it; it leaves the list together with its end. Where nothing can be taken,
 * the last step is undone. A state (what is taken, what the register holds) that was reached before is not searched again.
 *
 * <p>Two things keep the search short, and neither changes what can be found:
 *
 * <ul>
 *   <li>A read or a refusal that fits is taken at once: it changes nothing, so an order in which it comes later can have it
 *       now.
 *   <li>An operation with an unclear end is taken only right before one that could not come without it. In any order it
 *       could be moved there, since it has no end to come before; and left out if a write follows first. Of those whose
 *       value nobody will ask for the earliest serves for all.
 * </ul>
 */
final class RegisterSearch {

    /** How a search ended. */
    enum Result {
        /** An order exists. */
        FOUND,
        /** None exists. */
        NO_ORDER,
        /** Too many states, or too long: nothing is known. */
        GAVE_UP
    }

    private static final int NONE = -1;
    private static final int DEADLINE_EVERY = 1024;
    private static final int REMEMBERED = 8;

    /** A step: what was taken, what stood before it, and what else could have been taken. */
    private static final class Step {
        final int[] moves;
        final int value;
        final int replaced;
        int next;
        int taken = NONE;

        Step(int[] moves, int value, int replaced) {
            this.moves = moves;
            this.value = value;
            this.replaced = replaced;
        }
    }

    /** Where the search got furthest: the latest steps, what the register held, and what waited. */
    record Furthest(int placed, List<Operation> latest, String value, List<Operation> waiting) {}

    final List<Operation> operations;
    private final RegisterMoves moves;
    private final PendingCalls pending;
    private final int mustEnd;
    private final int[] from;
    private final int[] to;
    private final boolean[] taken;
    private final Deque<Step> steps = new ArrayDeque<>();
    private final ReachedStates reached = new ReachedStates();
    private final List<String> values = new ArrayList<>();
    private int value;
    /** What the register held before the last operation, if that one has an unclear end; else {@link #NONE}. */
    private int replaced = NONE;

    private int placed;
    private long high;
    private long low;
    private Furthest furthest = new Furthest(-1, List.of(), null, List.of());

    RegisterSearch(List<Operation> unordered) {
        operations = unordered.stream()
                .sorted(Comparator.comparingLong(Operation::call))
                .toList();
        int n = operations.size();
        from = new int[n];
        to = new int[n];
        taken = new boolean[n];
        Map<String, Integer> ids = new HashMap<>();
        ids.put(null, 0);
        values.add(null);
        for (int i = 0; i < n; i++) {
            from[i] = id(operations.get(i).from(), ids);
            to[i] = id(operations.get(i).to(), ids);
        }
        pending = new PendingCalls(operations);
        moves = new RegisterMoves(operations, from, to, taken, values.size());
        mustEnd = pending.size();
    }

    private int id(String text, Map<String, Integer> ids) {
        Integer known = ids.putIfAbsent(text, ids.size());
        if (known == null) {
            values.add(text);
            return values.size() - 1;
        }
        return known;
    }

    /** Searches within these bounds. */
    Result run(int statesMax, BooleanSupplier late) {
        for (long turn = 1; placed < mustEnd; turn++) {
            if (reached.size() > statesMax || turn % DEADLINE_EVERY == 0 && late.getAsBoolean()) {
                remember();
                return Result.GAVE_UP;
            }
            int[] possible = possible();
            if (possible.length == 0) {
                remember();
                if (!goBack()) {
                    return Result.NO_ORDER;
                }
            } else {
                Step step = new Step(possible, value, replaced);
                steps.push(step);
                take(step);
            }
        }
        return Result.FOUND;
    }

    /** What may come next; nothing if this state is known to lead nowhere. */
    private int[] possible() {
        int[] calls = pending.callable();
        int atOnce = moves.harmless(calls, value, replaced);
        if (atOnce != NONE) {
            return new int[] {atOnce};
        }
        long state = (long) value << 32 | (replaced + 1);
        if (!reached.add(high ^ ReachedStates.mix(state, 3), low ^ ReachedStates.mix(state, 4))) {
            return new int[0];
        }
        return moves.changing(calls, pending.horizon(), value, replaced);
    }

    private void take(Step step) {
        int id = step.moves[step.next++];
        step.taken = id;
        Operation o = operations.get(id);
        if (!o.f().equals("read") && o.outcome() != Operation.Outcome.REFUSED) {
            value = to[id];
        }
        toggle(id, true);
        if (o.end() == Operation.OPEN) {
            replaced = step.value;
        } else {
            replaced = NONE;
            pending.unlink(id);
            placed++;
        }
    }

    private void toggle(int id, boolean now) {
        taken[id] = now;
        moves.toggled(id, now);
        high ^= ReachedStates.mix(id, 1);
        low ^= ReachedStates.mix(id, 2);
    }

    /** Undoes steps until another way opens, and takes it; answers false if there is none. */
    private boolean goBack() {
        while (!steps.isEmpty()) {
            Step step = steps.peek();
            if (operations.get(step.taken).end() != Operation.OPEN) {
                pending.relink(step.taken);
                placed--;
            }
            toggle(step.taken, false);
            value = step.value;
            replaced = step.replaced;
            if (step.next < step.moves.length) {
                take(step);
                return true;
            }
            steps.pop();
        }
        return false;
    }

    private void remember() {
        if (placed <= furthest.placed()) {
            return;
        }
        List<Operation> latest = new ArrayList<>();
        Iterator<Step> back = steps.iterator();
        while (back.hasNext() && latest.size() < REMEMBERED) {
            latest.add(0, operations.get(back.next().taken));
        }
        List<Operation> waiting = new ArrayList<>();
        for (int id : pending.callable()) {
            waiting.add(operations.get(id));
        }
        furthest = new Furthest(placed, latest, values.get(value), waiting);
    }

    /** How many states were reached. */
    int states() {
        return reached.size();
    }

    /** How many operations have an end, and therefore a place. */
    int mustEnd() {
        return mustEnd;
    }

    /** Where it got furthest, when no order was found. */
    Furthest furthest() {
        return furthest;
    }
}
