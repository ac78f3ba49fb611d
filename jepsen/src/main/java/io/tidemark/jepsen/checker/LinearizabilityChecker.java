package io.tidemark.jepsen.checker;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Searches, for each key by itself, an order of its operations that a single register could have produced and that
 * respects real time. (Registers are independent, so a history is linearizable if and only if each key's part is.)
 */
public final class LinearizabilityChecker {

    /** Remembered states per key before a search is given up: some 300 MB of heap at worst. */
    public static final int STATES_MAX_DEFAULT = 2_000_000;

    private final int statesMax;

    /** @param statesMax how many pairs (taken operations, value) may be remembered per key before the checker gives up */
    public LinearizabilityChecker(int statesMax) {
        this.statesMax = statesMax;
    }

    /**
     * What the checker found.
     *
     * @param valid true if every key is linearizable
     * @param decided false if the search was given up: then the run says nothing and {@code valid} is false
     * @param operations how many operations were judged
     * @param message the key and the operations around the point where no order was found
     */
    public record Verdict(boolean valid, boolean decided, int operations, String message) {}

    /** Judges all keys; stops at the first that has no order. All registers begin absent. */
    public Verdict check(List<Operation> operations) {
        Map<String, List<Operation>> byKey = new TreeMap<>();
        operations.forEach(
                o -> byKey.computeIfAbsent(o.key(), k -> new ArrayList<>()).add(o));
        for (Map.Entry<String, List<Operation>> register : byKey.entrySet()) {
            RegisterSearch search = new RegisterSearch(register.getValue());
            RegisterSearch.Result result = search.run(statesMax);
            if (result != RegisterSearch.Result.FOUND) {
                boolean decided = result == RegisterSearch.Result.NO_ORDER;
                return new Verdict(false, decided, operations.size(), search.explain(register.getKey(), result));
            }
        }
        return new Verdict(true, true, operations.size(), byKey.size() + " keys are linearizable");
    }
}
