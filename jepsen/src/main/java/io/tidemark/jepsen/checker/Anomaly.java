package io.tidemark.jepsen.checker;

import java.util.List;

/**
 * Something that must not be.
 *
 * @param type its class, as {@code G-single} or {@code stale-read}
 * @param explanation for a person: which operations contradict one another, and how
 * @param events indexes of their events, the decisive ones first
 */
public record Anomaly(String type, String explanation, List<Long> events) {

    /** Copies the indexes. */
    public Anomaly {
        events = List.copyOf(events);
    }
}
