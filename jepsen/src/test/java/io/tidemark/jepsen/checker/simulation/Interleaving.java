package io.tidemark.jepsen.checker.simulation;

import io.tidemark.jepsen.history.Event;
import io.tidemark.jepsen.history.History;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Two histories of clients who have nothing to do with one another, at the same time. */
public final class Interleaving {

    private static final int OTHER_PROCESSES = 1_000_000;

    private Interleaving() {}

    /** The events of both, each in its order, under the first one's header. */
    public static History of(History one, History other, Random random) {
        List<Event> events = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < one.events().size() || j < other.events().size()) {
            int left = one.events().size() - i;
            int right = other.events().size() - j;
            boolean first = random.nextInt(left + right) < left;
            Event event = first ? one.events().get(i++) : other.events().get(j++);
            int process = first || event.nemesis() ? event.process() : OTHER_PROCESSES + event.process();
            events.add(new Event(
                    events.size(), process, event.type(), event.f(), event.value(), 0, event.seen(), event.error()));
        }
        return History.of(one.header(), events);
    }
}
