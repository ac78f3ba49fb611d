package io.tidemark.jepsen.history;

import java.util.List;

/** Where is written what no client asked for. Thread safe. */
public interface Chronicle {

    /**
     * Something happened that no client asked for.
     *
     * @param f the nemesis, or {@link Event#MARK}
     */
    void nemesis(String f, Object value);

    /** Writes into all of them. */
    static Chronicle of(List<? extends Chronicle> chronicles) {
        List<? extends Chronicle> all = List.copyOf(chronicles);
        return (f, value) -> all.forEach(chronicle -> chronicle.nemesis(f, value));
    }
}
