package io.tidemark.jepsen.report;

import io.tidemark.jepsen.checker.MarksChecker;
import io.tidemark.jepsen.history.Event;
import io.tidemark.jepsen.history.History;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A blow, from its strike until it was healed.
 *
 * @param name of the nemesis
 * @param whom it struck, or empty
 * @param begin nanoseconds of the history, before anything was done
 * @param struck when it was done; {@code end} if the strike failed
 * @param end nanoseconds; the end of the history if it was never healed
 */
record NemesisInterval(String name, String whom, long begin, long struck, long end) {

    private static final String STRIKE = "strike";
    private static final String STRUCK = "struck";
    private static final String HEALED = "healed";

    /**
     * All blows of a history, in the order of their begins. A nemesis tells them as {@code ["strike"]}, {@code ["struck",
     * whom]}, {@code ["healed"]}; what else it tells is no blow.
     */
    static List<NemesisInterval> of(History history) {
        List<NemesisInterval> intervals = new ArrayList<>();
        Map<String, Deque<Integer>> open = new HashMap<>();
        long end = history.events().isEmpty()
                ? 0
                : history.events().get(history.events().size() - 1).time();
        for (Event event : history.events()) {
            if (!isBlow(event)) {
                continue;
            }
            Deque<Integer> mine = open.computeIfAbsent(event.f(), f -> new ArrayDeque<>());
            List<?> value = (List<?>) event.value();
            switch (String.valueOf(value.get(0))) {
                case STRIKE -> {
                    mine.add(intervals.size());
                    intervals.add(new NemesisInterval(event.f(), "", event.time(), end, end));
                }
                case STRUCK -> {
                    if (!mine.isEmpty() && value.size() > 1) {
                        NemesisInterval blow = intervals.get(mine.peekLast());
                        intervals.set(
                                mine.peekLast(),
                                new NemesisInterval(
                                        blow.name, String.valueOf(value.get(1)), blow.begin, event.time(), blow.end));
                    }
                }
                case HEALED -> {
                    if (!mine.isEmpty()) {
                        int first = mine.remove();
                        NemesisInterval blow = intervals.get(first);
                        intervals.set(
                                first,
                                new NemesisInterval(blow.name, blow.whom, blow.begin, blow.struck, event.time()));
                    }
                }
                default -> {}
            }
        }
        return intervals;
    }

    private static boolean isBlow(Event event) {
        return event.nemesis()
                && !event.f().equals(Event.MARK)
                && !event.f().equals(MarksChecker.HOLDING)
                && event.value() instanceof List<?> value
                && !value.isEmpty();
    }
}
