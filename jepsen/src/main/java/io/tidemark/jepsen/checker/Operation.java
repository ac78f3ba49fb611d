package io.tidemark.jepsen.checker;

import io.tidemark.jepsen.history.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A call on one register: an invoke event and its end, paired.
 *
 * @param process who asked
 * @param f {@code read}, {@code write} or {@code cas}
 * @param key the register
 * @param from {@code cas}: the value that the register must hold; null = absent
 * @param to the value written, or the value read; null = absent
 * @param outcome how it ended
 * @param version the {@code lsn.index} of the answer, or null
 * @param call index of the invoke event
 * @param end index of the end event; {@link #OPEN} if it may still take effect
 */
public record Operation(
        int process,
        String f,
        String key,
        String from,
        String to,
        Outcome outcome,
        String version,
        long call,
        long end) {

    /** The end of an operation that nobody saw ending. */
    public static final long OPEN = Long.MAX_VALUE;

    /** How a call ended, as far as a register is concerned. */
    public enum Outcome {
        /** It took effect, exactly as {@link Operation} says. */
        DONE,
        /** A {@code cas} was refused: the register did not hold {@code from}. */
        REFUSED,
        /** It may have taken effect at any time after its call, or never. */
        UNKNOWN
    }

    /** The error of a fail event that means: the condition did not hold. */
    public static final String CONDITION_FAILED = "CONDITION_FAILED";

    /**
     * Pairs the events of a history. Calls that certainly did nothing, and reads without an answer, say nothing and are
     * left out; a call without any end is {@link Outcome#UNKNOWN}.
     */
    public static List<Operation> of(List<Event> events) {
        Map<Integer, Event> open = new HashMap<>();
        List<Operation> operations = new ArrayList<>();
        for (Event event : events) {
            if (event.process() == Event.NEMESIS) {
                continue;
            }
            if (event.type() == Event.Type.INVOKE) {
                Event before = open.put(event.process(), event);
                if (before != null) {
                    throw new IllegalArgumentException("process " + event.process() + " calls at index " + event.index()
                            + " although its call at index " + before.index() + " has no end");
                }
                continue;
            }
            Event call = open.remove(event.process());
            if (call == null) {
                throw new IllegalArgumentException("event " + event + " ends a call that never began");
            }
            paired(call, event, operations);
        }
        open.values().forEach(call -> paired(call, null, operations));
        return operations;
    }

    private static void paired(Event call, Event end, List<Operation> operations) {
        boolean unclear = end == null || end.type() == Event.Type.INFO;
        boolean read = call.f().equals("read");
        if (unclear && read) {
            return;
        }
        boolean refused = !unclear && end.type() == Event.Type.FAIL;
        if (refused && !(call.f().equals("cas") && CONDITION_FAILED.equals(end.error()))) {
            return;
        }
        List<String> value = read ? end.value() : call.value();
        boolean cas = call.f().equals("cas");
        operations.add(new Operation(
                call.process(),
                call.f(),
                value.get(0),
                cas ? value.get(1) : null,
                cas ? value.get(2) : value.get(1),
                unclear ? Outcome.UNKNOWN : refused ? Outcome.REFUSED : Outcome.DONE,
                end == null ? null : end.version(),
                call.index(),
                unclear ? OPEN : end.index()));
    }

    @Override
    public String toString() {
        String what = switch (f) {
            case "cas" -> "cas " + from + " -> " + to;
            default -> f + " " + to;
        };
        String interval = "[" + call + ", " + (end == OPEN ? "..." : end) + "]";
        return interval + " process " + process + ": " + what + " " + outcome
                + (version == null ? "" : " at " + version);
    }
}
