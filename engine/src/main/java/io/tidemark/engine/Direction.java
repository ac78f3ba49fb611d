package io.tidemark.engine;

/** Which way a {@link Cursor} goes through the keys. */
public enum Direction {
    /** Ascending. */
    FORWARD,
    /** Descending. */
    BACKWARD
}
