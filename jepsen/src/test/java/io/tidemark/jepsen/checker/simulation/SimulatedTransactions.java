package io.tidemark.jepsen.checker.simulation;

import io.tidemark.jepsen.history.Event;
import io.tidemark.jepsen.history.Header;
import io.tidemark.jepsen.history.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Transactions that stay open over many calls, with locks on keys, savepoints and clients that vanish. */
public final class SimulatedTransactions extends SimulatedStore {

    public enum Defect {
        NONE,
        SHOWS_OPEN_TRANSACTIONS,
        COMMITS_HALF,
        LOSES_COMMITS,
        IGNORES_SAVEPOINTS,
        COMMITS_EXPIRED_ONES,
        IGNORES_LOCKS,
        FORGETS_OWN_CHANGES
    }

    private static final int IDLE_MAX = 60;

    private static final class Open {
        final Map<String, String> changes = new TreeMap<>();
        Map<String, String> savepoint;
        long used;
    }

    private final Defect defect;
    private final Map<String, String> committed = new TreeMap<>();
    private final Map<String, Open> open = new HashMap<>();
    private final Map<Integer, String> current = new HashMap<>();
    private final Map<Integer, Integer> steps = new HashMap<>();
    private long names;
    private long values;
    private long lsn;
    private long clock;

    public SimulatedTransactions(Defect defect, Random random) {
        super(random);
        this.defect = defect;
    }

    @Override
    public Header header() {
        return Header.of("open-transactions");
    }

    @Override
    public void unclear(int client) {
        current.remove(client);
    }

    @Override
    public Request next(int client) {
        String name = current.get(client);
        if (name == null) {
            if (random.nextBoolean()) {
                return new Request("read", null);
            }
            name = "t" + names++;
            current.put(client, name);
            steps.put(client, 0);
            return new Request("begin", List.of(name));
        }
        int step = steps.merge(client, 1, Integer::sum);
        String key = "k" + random.nextInt(30);
        if (step == 3) {
            return new Request("savepoint", List.of(name, "s"));
        }
        if (step == 6 && open.containsKey(name) && open.get(name).savepoint != null && random.nextBoolean()) {
            return new Request("rollback-to", List.of(name, "s"));
        }
        if (step > 7) {
            current.remove(client);
            // Every fifth vanishes: it goes on with something else, and never comes back.
            return switch (random.nextInt(5)) {
                case 0 -> next(client);
                case 1 -> new Request("rollback", List.of(name));
                default -> new Request("commit", List.of(name));
            };
        }
        return switch (random.nextInt(4)) {
            case 0 -> new Request("get", Arrays.asList(name, touched(name, key), null));
            case 1 -> new Request("delete", List.of(name, key));
            default -> new Request("put", List.of(name, key, "v" + values++));
        };
    }

    /** A key that the transaction has changed, if there is one. */
    private String touched(String name, String otherwise) {
        Open transaction = open.get(name);
        return transaction == null || transaction.changes.isEmpty()
                ? otherwise
                : transaction.changes.keySet().iterator().next();
    }

    /** Ends those of whom nothing was heard for a while. */
    private void expire() {
        clock++;
        for (String name : new ArrayList<>(open.keySet())) {
            Open transaction = open.get(name);
            if (clock - transaction.used > IDLE_MAX) {
                open.remove(name);
                if (defect == Defect.COMMITS_EXPIRED_ONES) {
                    apply(transaction.changes, committed, 1);
                }
            }
        }
    }

    @Override
    public Answer apply(Request request) {
        expire();
        if (request.f().equals("read")) {
            Map<String, String> state = new TreeMap<>(committed);
            if (defect == Defect.SHOWS_OPEN_TRANSACTIONS && often()) {
                open.values().forEach(o -> apply(o.changes, state, 1));
            }
            return Answer.of(state);
        }
        List<?> parts = Values.list(request.value());
        String name = parts.get(0).toString();
        if (request.f().equals("begin")) {
            Open begun = new Open();
            begun.used = clock;
            open.put(name, begun);
            return Answer.of(request.value());
        }
        Open transaction = open.get(name);
        if (transaction == null) {
            return Answer.refused(request.value(), "no such transaction");
        }
        transaction.used = clock;
        return step(request, parts, name, transaction);
    }

    private Answer step(Request request, List<?> parts, String name, Open transaction) {
        switch (request.f()) {
            case "put", "delete" -> {
                String key = parts.get(1).toString();
                boolean locked = open.values().stream().anyMatch(o -> o != transaction && o.changes.containsKey(key));
                if (locked && (defect != Defect.IGNORES_LOCKS || !often())) {
                    return Answer.refused(request.value(), "locked");
                }
                transaction.changes.put(key, parts.size() == 3 ? parts.get(2).toString() : null);
            }
            case "get" -> {
                String key = parts.get(1).toString();
                boolean own =
                        transaction.changes.containsKey(key) && (defect != Defect.FORGETS_OWN_CHANGES || !often());
                return Answer.of(Arrays.asList(name, key, own ? transaction.changes.get(key) : committed.get(key)));
            }
            case "savepoint" -> transaction.savepoint = new TreeMap<>(transaction.changes);
            case "rollback-to" -> {
                if (transaction.savepoint == null) {
                    return Answer.refused(request.value(), "no such savepoint");
                }
                if (defect != Defect.IGNORES_SAVEPOINTS) {
                    transaction.changes.clear();
                    transaction.changes.putAll(transaction.savepoint);
                }
            }
            default -> {
                return end(request, name, transaction);
            }
        }
        return Answer.of(request.value());
    }

    private Answer end(Request request, String name, Open transaction) {
        open.remove(name);
        if (request.f().equals("commit")) {
            lsn++;
            if (defect != Defect.LOSES_COMMITS || !often()) {
                apply(transaction.changes, committed, defect == Defect.COMMITS_HALF && often() ? 2 : 1);
            }
        }
        return Answer.of(request.value(), Event.Seen.lsn(lsn));
    }

    private static void apply(Map<String, String> changes, Map<String, String> state, int each) {
        List<String> keys = new ArrayList<>(changes.keySet());
        for (int i = 0; i < keys.size(); i += each) {
            String value = changes.get(keys.get(i));
            if (value == null) {
                state.remove(keys.get(i));
            } else {
                state.put(keys.get(i), value);
            }
        }
    }

    @Override
    public List<Request> last() {
        return List.of(new Request("read", null));
    }
}
