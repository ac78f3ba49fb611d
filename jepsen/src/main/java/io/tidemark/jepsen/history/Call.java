package io.tidemark.jepsen.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A client's call: an invoke event and its end.
 *
 * @param invoke its beginning
 * @param end its end, null if it has none
 */
public record Call(Event invoke, Event end) {

    /** The index of an end that nobody saw: the call may still take effect. */
    public static final long OPEN = Long.MAX_VALUE;

    /** Pairs the events of clients, in the order in which the calls began. Fails if they are no history. */
    public static List<Call> of(List<Event> events) {
        Map<Integer, Event> open = new HashMap<>();
        List<Call> calls = new ArrayList<>(events.size() / 2 + 1);
        for (Event event : events) {
            if (event.nemesis()) {
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
            Event invoke = open.remove(event.process());
            if (invoke == null || !invoke.f().equals(event.f())) {
                throw new IllegalArgumentException("event " + event + " ends a call that never began");
            }
            calls.add(new Call(invoke, event));
        }
        open.values().forEach(invoke -> calls.add(new Call(invoke, null)));
        calls.sort(Comparator.comparingLong(call -> call.invoke().index()));
        return calls;
    }

    /** What was asked. */
    public String f() {
        return invoke.f();
    }

    /** Who asked. */
    public int process() {
        return invoke.process();
    }

    /** How it ended; without an end it is unclear. */
    public Event.Type type() {
        return end == null ? Event.Type.INFO : end.type();
    }

    /** Whether it was done. */
    public boolean ok() {
        return type() == Event.Type.OK;
    }

    /** Whether it was certainly not done. */
    public boolean fail() {
        return type() == Event.Type.FAIL;
    }

    /** Whether nobody knows if it was done. */
    public boolean info() {
        return type() == Event.Type.INFO;
    }

    /** What was seen, if it was done; else what it was asked with. */
    public Object value() {
        return ok() ? end.value() : invoke.value();
    }

    /** What the answer carried beside its value. */
    public Event.Seen seen() {
        return end == null ? Event.Seen.NOTHING : end.seen();
    }

    /** Why it failed or stayed unclear, or null. */
    public String error() {
        return end == null ? null : end.error();
    }

    /** Index of its beginning. */
    public long began() {
        return invoke.index();
    }

    /** Index of its end, after which it takes no effect any more; {@link #OPEN} if nobody knows that. */
    public long ended() {
        return info() ? OPEN : end.index();
    }

    /** Whether it had ended before the other began. */
    public boolean before(Call other) {
        return ended() < other.began();
    }

    /** The place in the history, for a person. */
    public String place() {
        return "[" + began() + ", " + (end == null ? "…" : end.index()) + "] process " + process();
    }

    @Override
    public String toString() {
        return place() + ": " + f() + " " + value() + " " + type().word()
                + (error() == null ? "" : " (" + error() + ")");
    }
}
