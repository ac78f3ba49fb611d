package io.tidemark.jepsen.checker;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which operations a register allows next, for {@link RegisterSearch}. Values are small numbers, 0 = absent.
 *
 * <p>{@code replaced} is what the register held before the last operation if that one has an unclear end: then only an
 * operation may follow that could not have come before it. Else it is {@link #NONE}.
 */
final class RegisterMoves {

    private static final int NONE = -1;

    private final List<Operation> operations;
    private final int[] from;
    private final int[] to;
    private final boolean[] taken;
    /** Unclear operations by the value that they leave. */
    private final Map<Integer, List<Integer>> producers = new HashMap<>();
    /** Unclear conditional writes by the value that they need. */
    private final Map<Integer, List<Integer>> needing = new HashMap<>();
    /** Unclear writes. */
    private final List<Integer> writes = new ArrayList<>();
    /** By value: how many operations, not taken yet, saw it or asked for it. */
    private final int[] asking;

    RegisterMoves(List<Operation> operations, int[] from, int[] to, boolean[] taken, int values) {
        this.operations = operations;
        this.from = from;
        this.to = to;
        this.taken = taken;
        asking = new int[values];
        for (int id = 0; id < operations.size(); id++) {
            count(id, 1);
            if (operations.get(id).end() == Operation.OPEN) {
                producers.computeIfAbsent(to[id], v -> new ArrayList<>()).add(id);
                if (isSwap(id)) {
                    needing.computeIfAbsent(from[id], v -> new ArrayList<>()).add(id);
                } else {
                    writes.add(id);
                }
            }
        }
    }

    /** An operation was taken, or is back. */
    void toggled(int id, boolean now) {
        count(id, now ? -1 : 1);
    }

    private void count(int id, int more) {
        switch (operations.get(id).f()) {
            case "read" -> asking[to[id]] += more;
            case "cas" -> asking[from[id]] += more;
            case "write" -> {}
            default ->
                throw new IllegalArgumentException(
                        "a register knows no " + operations.get(id).f());
        }
    }

    /** One that fits now and changes nothing, or {@link #NONE}. */
    int harmless(int[] calls, int value, int replaced) {
        for (int id : calls) {
            boolean fits = isRead(id)
                    ? to[id] == value
                    : isRefusal(id) && from[id] != value && (replaced == NONE || from[id] == replaced);
            if (fits) {
                return id;
            }
        }
        return NONE;
    }

    /** Those that fit now and change the register, those with an unclear end last. */
    int[] changing(int[] calls, long horizon, int value, int replaced) {
        List<Integer> found = new ArrayList<>();
        for (int id : calls) {
            boolean swap = isSwap(id) && !isRefusal(id) && from[id] == value;
            if (swap || operations.get(id).f().equals("write") && replaced == NONE) {
                found.add(id);
            }
        }
        if (replaced == NONE) {
            enabling(calls, horizon, value, found);
        } else {
            swaps(horizon, value, found);
        }
        return found.stream().distinct().mapToInt(i -> i).toArray();
    }

    /** Unclear operations that lead, at once or by others, to what a waiting one needs. */
    private void enabling(int[] calls, long horizon, int value, List<Integer> found) {
        Deque<Integer> wanted = new ArrayDeque<>();
        boolean anyOther = false;
        for (int id : calls) {
            if (isRead(id)) {
                wanted.add(to[id]);
            } else if (isRefusal(id)) {
                anyOther |= from[id] == value;
            } else if (isSwap(id) && from[id] != value) {
                wanted.add(from[id]);
            }
        }
        BitSet asked = new BitSet();
        asked.set(value);
        while (!wanted.isEmpty()) {
            int want = wanted.remove();
            if (!asked.get(want)) {
                asked.set(want);
                producing(want, horizon, value, wanted, found);
            }
        }
        if (anyOther) {
            others(horizon, value, found);
        }
    }

    /** Whatever makes the register hold something else; of writes whose value nobody will ask for the earliest only. */
    private void others(long horizon, int value, List<Integer> found) {
        swaps(horizon, value, found);
        boolean unseen = false;
        for (int id : writes) {
            if (operations.get(id).call() > horizon) {
                break;
            }
            if (!taken[id] && to[id] != value && (asking[to[id]] > 0 || !unseen)) {
                unseen |= asking[to[id]] == 0;
                found.add(id);
            }
        }
    }

    private void producing(int want, long horizon, int value, Deque<Integer> wanted, List<Integer> found) {
        boolean written = false;
        for (int id : open(producers.get(want), horizon)) {
            if (!isSwap(id)) {
                if (!written) {
                    found.add(id);
                }
                written = true;
            } else if (from[id] == value) {
                found.add(id);
            } else {
                wanted.add(from[id]);
            }
        }
    }

    private void swaps(long horizon, int value, List<Integer> found) {
        for (int id : open(needing.get(value), horizon)) {
            if (to[id] != value) {
                found.add(id);
            }
        }
    }

    private List<Integer> open(List<Integer> ids, long horizon) {
        if (ids == null) {
            return List.of();
        }
        List<Integer> open = new ArrayList<>();
        for (int id : ids) {
            if (operations.get(id).call() > horizon) {
                break;
            }
            if (!taken[id]) {
                open.add(id);
            }
        }
        return open;
    }

    private boolean isRead(int id) {
        return operations.get(id).f().equals("read");
    }

    private boolean isSwap(int id) {
        return operations.get(id).f().equals("cas");
    }

    private boolean isRefusal(int id) {
        return operations.get(id).outcome() == Operation.Outcome.REFUSED;
    }
}
