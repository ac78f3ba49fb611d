package io.tidemark.jepsen.checker.append;

/**
 * One transaction comes before another.
 *
 * @param from node of the earlier
 * @param to node of the later
 * @param why how that is known
 * @param key the list that shows it, null for real time
 * @param before the element that {@code from} appended, or the last that it read; null = none
 * @param after the element that {@code to} appended; null for a read
 */
record Edge(int from, int to, Why why, String key, Object before, Object after) {

    /** Kinds of dependencies, as Adya has them, and real time. */
    enum Why {
        /** {@code to} appended right after {@code from}. */
        WW,
        /** {@code to} read what {@code from} appended last. */
        WR,
        /** {@code from} read the list as it was before {@code to} appended. */
        RW,
        /** {@code from} had ended before {@code to} began. */
        REALTIME;

        int bit() {
            return 1 << ordinal();
        }
    }

    boolean in(int kinds) {
        return (why.bit() & kinds) != 0;
    }

    /** The edge in words; {@code t} and {@code u} are names of its ends. */
    String explain(String t, String u) {
        return switch (why) {
            case WW -> u + " appended " + after + " to " + key + " after the " + before + " of " + t;
            case WR -> u + " read " + key + " up to the " + before + " that " + t + " appended";
            case RW ->
                t + " read " + key + (before == null ? " while it was empty" : " up to " + before) + ", without the "
                        + after + " that " + u + " appended";
            case REALTIME -> t + " had ended before " + u + " began";
        };
    }
}
