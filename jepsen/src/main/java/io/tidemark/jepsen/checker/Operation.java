package io.tidemark.jepsen.checker;

import io.tidemark.jepsen.history.Call;
import io.tidemark.jepsen.history.History;
import io.tidemark.jepsen.history.Values;
import java.util.ArrayList;
import java.util.List;

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
    public static final long OPEN = Call.OPEN;

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
     * The operations of a history. Calls that certainly did nothing, and reads without an answer, say nothing and are left
     * out; a call without any end is {@link Outcome#UNKNOWN}.
     */
    public static List<Operation> of(History history) {
        List<Operation> operations = new ArrayList<>();
        for (Call call : history.calls()) {
            boolean refused = call.fail() && call.f().equals("cas") && CONDITION_FAILED.equals(call.error());
            boolean silent = call.info() && call.f().equals("read") || call.fail() && !refused;
            if (!silent) {
                operations.add(of(call, refused));
            }
        }
        return operations;
    }

    private static Operation of(Call call, boolean refused) {
        List<?> value = Values.list(
                call.f().equals("read") ? call.value() : call.invoke().value());
        boolean cas = call.f().equals("cas");
        List<?> change = cas ? Values.list(value.get(1)) : List.of();
        return new Operation(
                call.process(),
                call.f(),
                Values.text(value.get(0)),
                cas ? Values.text(change.get(0)) : null,
                Values.text(cas ? change.get(1) : value.get(1)),
                call.info() ? Outcome.UNKNOWN : refused ? Outcome.REFUSED : Outcome.DONE,
                call.seen().version(),
                call.began(),
                call.ended());
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
