package io.tidemark.jepsen.report;

import io.tidemark.jepsen.history.Call;
import io.tidemark.jepsen.history.Event;
import io.tidemark.jepsen.history.History;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How long, at most, nobody could write because of a blow of each nemesis: the longest pause between writes that began after
 * the blow did, from its beginning until the first write was done that began behind it. A blow may last for minutes, as a
 * restart of one node after another does. If none was done, the blow counts until the end of the history; if none was tried,
 * it does not count.
 */
final class Resumption {

    private static final Set<String> WRITES =
            Set.of("write", "cas", "add", "transfer", "txn", "put", "delete", "commit");

    private final Map<String, List<Long>> nanos = new TreeMap<>();

    static Resumption of(History history) {
        Resumption resumption = new Resumption();
        List<Call> tried = history.calls().stream()
                .filter(call -> WRITES.contains(call.invoke().f()))
                .toList();
        long lastTried =
                tried.stream().mapToLong(call -> call.invoke().time()).max().orElse(-1);
        List<Call> writes = tried.stream()
                .filter(call -> call.end() != null && call.end().type() == Event.Type.OK)
                .sorted(Comparator.comparingLong((Call call) -> call.end().time()))
                .toList();
        long last = history.events().isEmpty()
                ? 0
                : history.events().get(history.events().size() - 1).time();
        List<NemesisInterval> blows = new ArrayList<>(NemesisInterval.of(history));
        blows.sort(Comparator.comparingLong(NemesisInterval::struck));
        for (NemesisInterval blow : blows) {
            if (blow.struck() >= lastTried) {
                break;
            }
            long resumed = endedFrom(writes, blow.struck()).stream()
                    .filter(call -> call.invoke().time() > blow.struck())
                    .mapToLong(call -> call.end().time())
                    .findFirst()
                    .orElse(last);
            resumption
                    .nanos
                    .computeIfAbsent(blow.name(), n -> new ArrayList<>())
                    .add(longestPause(writes, blow.begin(), resumed));
        }
        return resumption;
    }

    private static List<Call> endedFrom(List<Call> writes, long nanos) {
        int low = 0;
        int high = writes.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (writes.get(middle).end().time() < nanos) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return writes.subList(low, writes.size());
    }

    private static long longestPause(List<Call> writes, long begin, long resumed) {
        long pause = 0;
        long before = begin;
        for (Call write : endedFrom(writes, begin)) {
            long end = write.end().time();
            if (end >= resumed) {
                break;
            }
            if (write.invoke().time() > begin) {
                pause = Math.max(pause, end - before);
                before = end;
            }
        }
        return Math.max(pause, resumed - before);
    }

    /** Of each nemesis {@code resumed.NEMESIS.blows}, {@code .p50.millis}, {@code .p99.millis} and {@code .max.millis}. */
    Map<String, Long> figures() {
        Map<String, Long> figures = new TreeMap<>();
        nanos.forEach((nemesis, all) -> {
            String name = "resumed." + nemesis + ".";
            long[] sorted = all.stream().mapToLong(n -> n / 1_000_000).sorted().toArray();
            figures.put(name + "blows", (long) sorted.length);
            figures.put(name + "p50.millis", rank(sorted, 0.5));
            figures.put(name + "p99.millis", rank(sorted, 0.99));
            figures.put(name + "max.millis", Arrays.stream(sorted).max().orElseThrow());
        });
        return figures;
    }

    /** The smallest that this share does not exceed. */
    private static long rank(long[] sorted, double share) {
        return sorted[(int) Math.ceil(share * sorted.length) - 1];
    }
}
