package io.tidemark.jepsen.checker.simulation;

import io.tidemark.jepsen.history.Header;
import io.tidemark.jepsen.history.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Transactions on lists. */
public final class SimulatedLists extends SimulatedStore {

    public enum Defect {
        NONE,
        LOSES_APPENDS,
        APPENDS_TWICE,
        READS_STALE,
        TEARS_SNAPSHOTS,
        FORGETS_OWN_APPENDS
    }

    private final Defect defect;
    private final int callsPerKey;
    private final Map<String, List<Object>> lists = new HashMap<>();
    private Map<String, List<Object>> past = new HashMap<>();
    private long asked;
    private long element;

    public SimulatedLists(Defect defect, int callsPerKey, Random random) {
        super(random);
        this.defect = defect;
        this.callsPerKey = callsPerKey;
    }

    @Override
    public Header header() {
        return Header.of("list-append");
    }

    @Override
    public Request next(int client) {
        long first = 3 * (asked++ / callsPerKey);
        List<Object> steps = new ArrayList<>();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            String key = "k" + (first + random.nextInt(3));
            steps.add(random.nextBoolean() ? List.of("append", key, element++) : Arrays.asList("r", key, null));
        }
        return new Request("txn", steps);
    }

    @Override
    public Answer apply(Request request) {
        boolean stale = defect == Defect.READS_STALE && sometimes();
        boolean torn = defect == Defect.TEARS_SNAPSHOTS && sometimes();
        if (asked % 8 == 0) {
            past = new HashMap<>();
            lists.forEach((key, list) -> past.put(key, new ArrayList<>(list)));
        }
        List<Object> done = new ArrayList<>();
        Map<String, Integer> own = new HashMap<>();
        for (Object operation : Values.list(request.value())) {
            List<?> step = Values.list(operation);
            String key = step.get(1).toString();
            List<Object> list = lists.computeIfAbsent(key, k -> new ArrayList<>());
            if (step.get(0).equals("append")) {
                if (defect != Defect.LOSES_APPENDS || !sometimes()) {
                    list.add(step.get(2));
                    own.merge(key, 1, Integer::sum);
                }
                if (defect == Defect.APPENDS_TWICE && sometimes()) {
                    list.add(step.get(2));
                }
                done.add(step);
            } else {
                boolean old = !own.containsKey(key) && (stale || torn && !done.isEmpty());
                List<Object> seen = old ? past.getOrDefault(key, List.of()) : list;
                int end = defect == Defect.FORGETS_OWN_APPENDS && sometimes()
                        ? seen.size() - own.getOrDefault(key, 0)
                        : seen.size();
                done.add(List.of("r", key, new ArrayList<>(seen.subList(0, end))));
            }
        }
        return Answer.of(done);
    }
}
