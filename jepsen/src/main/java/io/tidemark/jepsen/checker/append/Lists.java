package io.tidemark.jepsen.checker.append;

import java.util.List;

/** Lists that were read. */
final class Lists {

    private static final int SHOWN = 6;

    private Lists() {}

    /** The list in words: all of a short one, the end of a long one. */
    static String text(List<?> list) {
        if (list.size() <= SHOWN) {
            return list.toString();
        }
        String end = list.subList(list.size() - SHOWN, list.size()).toString();
        return "[…" + (list.size() - SHOWN) + " more, " + end.substring(1);
    }

    /** Whether the first list is how the second begins. */
    static boolean begins(List<?> first, List<?> second) {
        return first.size() <= second.size() && second.subList(0, first.size()).equals(first);
    }
}
