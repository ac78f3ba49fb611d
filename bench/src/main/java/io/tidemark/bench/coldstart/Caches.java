package io.tidemark.bench.coldstart;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/** What caches of a size would have had of a trace: shares of its items from {@code from} on. */
final class Caches {
    private Caches() {}

    /** One that knows what comes: it gives up what is wanted last (Belady, "A study of replacement algorithms", 1966). */
    static double ideal(int[] trace, int from, int capacity) {
        int[] next = nextUses(trace);
        TreeSet<Long> kept = new TreeSet<>(); // the place where it is wanted next: no two share one
        long hits = 0;
        for (int i = 0; i < trace.length; i++) {
            boolean isHit = kept.remove((long) i);
            hits += isHit && i >= from ? 1 : 0;
            if (next[i] < trace.length) {
                kept.add((long) next[i]);
                if (kept.size() > capacity) {
                    kept.pollLast();
                }
            }
        }
        return (double) hits / (trace.length - from);
    }

    /** Where each item is wanted again; the length of the trace if it is not. */
    private static int[] nextUses(int[] trace) {
        int[] next = new int[trace.length];
        int[] seen = new int[Arrays.stream(trace).max().orElse(0) + 1];
        Arrays.fill(seen, trace.length);
        for (int i = trace.length - 1; i >= 0; i--) {
            next[i] = seen[trace[i]];
            seen[trace[i]] = i;
        }
        return next;
    }

    /** One that gives up what was not used for longest. */
    static double leastRecentlyUsed(int[] trace, int from, int capacity) {
        Map<Integer, Integer> kept = new LinkedHashMap<>(2 * capacity, 0.75f, true);
        long hits = 0;
        for (int i = 0; i < trace.length; i++) {
            boolean isHit = kept.put(trace[i], i) != null;
            hits += isHit && i >= from ? 1 : 0;
            if (kept.size() > capacity) {
                kept.remove(kept.keySet().iterator().next());
            }
        }
        return (double) hits / (trace.length - from);
    }
}
