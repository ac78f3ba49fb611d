package io.tidemark.jepsen.checker;

import io.tidemark.jepsen.history.Counts;
import io.tidemark.jepsen.history.Header;
import io.tidemark.jepsen.history.History;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * Searches, for each key by itself, an order of its operations that a single register could have produced and that
 * respects real time. (Registers are independent, so a history is linearizable if and only if each key's part is.) All
 * registers begin absent. A key whose search is given up makes the verdict unknown, unless another key has no order.
 */
public final class LinearizabilityChecker implements Checker {

    /** The anomaly. */
    public static final String NOT_LINEARIZABLE = "not-linearizable";

    private static final int WAITING_SHOWN = 8;

    @Override
    public Verdict check(History history, Limits limits) {
        Findings findings = new Findings();
        check(Operation.of(history), limits, findings);
        return findings.verdict(history);
    }

    /** Judges operations that were paired before. */
    Verdict check(List<Operation> operations, Limits limits) {
        Findings findings = new Findings();
        check(operations, limits, findings);
        Verdict verdict = findings.verdict(History.of(Header.of("register"), List.of()));
        Counts counts = new Counts(operations.size(), operations.size(), 0, 0);
        return new Verdict(verdict.outcome(), verdict.anomalies(), counts, verdict.figures(), verdict.notes());
    }

    private static void check(List<Operation> operations, Limits limits, Findings findings) {
        Map<String, List<Operation>> byKey = new TreeMap<>();
        operations.forEach(
                o -> byKey.computeIfAbsent(o.key(), k -> new ArrayList<>()).add(o));
        BooleanSupplier late = limits.deadline();
        long states = 0;
        for (Map.Entry<String, List<Operation>> register : byKey.entrySet()) {
            RegisterSearch search = new RegisterSearch(register.getValue());
            RegisterSearch.Result result = search.run(limits.states(), late);
            states += search.states();
            if (result == RegisterSearch.Result.GAVE_UP) {
                findings.undecided("key " + register.getKey() + ": the search was given up after " + search.states()
                        + " states, with " + search.furthest().placed() + " of " + search.mustEnd()
                        + " operations placed; nothing is known of it");
            } else if (result == RegisterSearch.Result.NO_ORDER) {
                RegisterSearch.Furthest furthest = search.furthest();
                findings.add(
                        NOT_LINEARIZABLE,
                        explain(register.getKey(), search),
                        furthest.waiting().stream().map(Operation::call).toArray(Long[]::new));
            }
        }
        findings.figure("keys", byKey.size());
        findings.figure("operations", operations.size());
        findings.figure("states", states);
    }

    private static String explain(String key, RegisterSearch search) {
        RegisterSearch.Furthest furthest = search.furthest();
        StringBuilder text = new StringBuilder("key ").append(key);
        text.append(": no order of its operations explains all answers. The longest that could be put in order are ")
                .append(furthest.placed())
                .append(" of ")
                .append(search.mustEnd())
                .append(", ending with");
        if (furthest.latest().isEmpty()) {
            text.append(" none");
        }
        furthest.latest().forEach(o -> text.append("\n    ").append(o));
        text.append("\n  Then the register holds ").append(furthest.value()).append(", and next must come one of");
        furthest.waiting().stream()
                .limit(WAITING_SHOWN)
                .forEach(o -> text.append("\n    ")
                        .append(o)
                        .append(": ")
                        .append(obstacle(o, furthest.value(), search.operations)));
        return text.toString();
    }

    private static String obstacle(Operation o, String value, List<Operation> operations) {
        return switch (o.f()) {
            case "read" -> "it saw " + o.to() + origin(o.to(), operations);
            case "cas" ->
                o.outcome() == Operation.Outcome.REFUSED
                        ? "it was refused, but the register can hold nothing but " + o.from() + " here"
                        : Objects.equals(o.from(), value)
                                ? "it fits, but leads nowhere"
                                : "it demanded " + o.from() + origin(o.from(), operations);
            default -> "it fits, but leads nowhere";
        };
    }

    private static String origin(String value, List<Operation> operations) {
        if (value == null) {
            return ", the state before the first write";
        }
        return operations.stream()
                .filter(o -> !o.f().equals("read") && value.equals(o.to()))
                .filter(o -> o.outcome() != Operation.Outcome.REFUSED)
                .findFirst()
                .map(o -> ", written by " + o)
                .orElse(", written by nobody");
    }
}
