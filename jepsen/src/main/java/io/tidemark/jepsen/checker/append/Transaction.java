package io.tidemark.jepsen.checker.append;

import io.tidemark.jepsen.history.Call;
import io.tidemark.jepsen.history.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** One transaction on lists: a call {@code txn} with its micro-operations. */
final class Transaction {

    /**
     * One step.
     *
     * @param element appended, null for a read
     * @param list what was read, null for an append or where nobody knows
     */
    record Step(String key, Object element, List<?> list) {
        boolean append() {
            return element != null;
        }

        @Override
        public String toString() {
            return append()
                    ? "append " + key + " " + element
                    : "read " + key + " " + (list == null ? "?" : Lists.text(list));
        }
    }

    final Call call;
    final List<Step> steps;
    /** Its node in the graph, -1 if it has none. */
    int node = -1;

    Transaction(Call call) {
        this.call = call;
        List<Step> parsed = new ArrayList<>();
        for (Object operation : Values.list(call.value())) {
            parsed.add(step(call, Values.list(operation)));
        }
        steps = List.copyOf(parsed);
    }

    private static Step step(Call call, List<?> parts) {
        if (parts.size() != 3 || parts.get(1) == null) {
            throw new IllegalArgumentException("a micro-operation is [\"append\", k, v] or [\"r\", k, list]: " + call);
        }
        String key = parts.get(1).toString();
        Object value = parts.get(2);
        return switch (String.valueOf(parts.get(0))) {
            case "append" -> {
                if (value == null) {
                    throw new IllegalArgumentException("an append of nothing: " + call);
                }
                yield new Step(key, value, null);
            }
            // An absent list is an empty one.
            case "r" -> new Step(key, null, call.ok() ? value == null ? List.of() : Values.list(value) : null);
            default -> throw new IllegalArgumentException("lists know append and r only: " + call);
        };
    }

    boolean ok() {
        return call.ok();
    }

    boolean failed() {
        return call.fail();
    }

    @Override
    public String toString() {
        return call.place() + ": " + steps.stream().map(Step::toString).collect(Collectors.joining(", "))
                + (ok() ? "" : " (" + call.type().word() + ")");
    }
}
