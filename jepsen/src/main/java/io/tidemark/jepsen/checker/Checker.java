package io.tidemark.jepsen.checker;

import io.tidemark.jepsen.history.History;

/** A judge of histories: a pure function of what was recorded, bounded by limits. */
public interface Checker {

    /**
     * Judges.
     *
     * @throws IllegalArgumentException if the history is not of the kind that this checker reads
     */
    Verdict check(History history, Limits limits);
}
