package io.tidemark.jepsen.checker;

import io.tidemark.jepsen.checker.VersionOrder.Position;
import io.tidemark.jepsen.history.Call;
import io.tidemark.jepsen.history.History;
import io.tidemark.jepsen.history.Values;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The feed of changes: {@code write [k, v]} and {@code delete [k, null]} carry the version they were given, and
 * {@code watch {"lsn":L}} answers {@code {"from":F,"lsn":L,"changes":[["lsn.index",k,v],…]}}, all changes from F, or from 0 where
 * that is missing, up to L. Every change there that was acknowledged is told, where its version says, once, in order; nothing else is, but changes with an unclear
 * end. All that watched are told the same. Values are unique; a deletion is known by key and place.
 */
public final class WatchChecker implements Checker {

    /** An acknowledged change was not told. */
    public static final String LOST = "lost-change";
    /** A change was told at another place than it was given. */
    public static final String MISPLACED = "misplaced-change";
    /** A change was told behind a later one, or twice. */
    public static final String DISORDER = "changes-out-of-order";
    /** A change that nobody made, or that failed. */
    public static final String UNEXPECTED = "unexpected-change";
    /** Two that watched were told different things. */
    public static final String DIFFERENT = "watchers-differ";

    private final Map<String, Call> puts = new HashMap<>();
    private final TreeMap<Position, Call> acknowledged = new TreeMap<>();

    /** Deletions with an unclear end, by key. */
    private final Map<String, Integer> maybeDeleted = new HashMap<>();

    private Findings findings;

    private record Change(Position position, String key, String value) {
        static Change of(Object row) {
            List<?> fields = Values.list(row);
            return new Change(
                    Position.parse(Values.text(fields.get(0))),
                    Values.text(fields.get(1)),
                    fields.get(2) == null ? null : Values.text(fields.get(2)));
        }

        @Override
        public String toString() {
            return key + (value == null ? " deleted" : " = " + value) + " at " + position;
        }
    }

    @Override
    public Verdict check(History history, Limits limits) {
        WatchChecker judge = new WatchChecker();
        judge.findings = new Findings();
        judge.judge(history.calls());
        return judge.findings.verdict(history);
    }

    private void judge(List<Call> calls) {
        List<Call> watches = new ArrayList<>();
        for (Call call : calls) {
            switch (call.f()) {
                case "write", "delete" -> change(call);
                case "watch" -> {
                    if (call.ok()) {
                        watches.add(call);
                    } else {
                        findings.undecided(call + ": nothing was told");
                    }
                }
                default -> throw new IllegalArgumentException("a watch knows no " + call.f() + ": " + call);
            }
        }
        findings.figure("acknowledged", acknowledged.size());
        if (watches.isEmpty()) {
            findings.undecided("nobody watched");
        }
        watches.forEach(this::judge);
        for (int i = 1; i < watches.size(); i++) {
            compare(watches.get(0), watches.get(i));
        }
    }

    private void change(Call call) {
        List<?> pair = Values.list(call.invoke().value());
        if (pair.get(1) != null) {
            puts.put(Values.text(pair.get(1)), call);
        } else if (call.info()) {
            maybeDeleted.merge(Values.text(pair.get(0)), 1, Integer::sum);
        }
        if (call.ok()) {
            acknowledged.put(Position.parse(call.seen().version()), call);
        }
    }

    private static List<Change> changes(Call watch) {
        return Values.list(Values.map(watch.value()).get("changes")).stream()
                .map(Change::of)
                .toList();
    }

    private static long lsn(Call watch) {
        return Values.number(Values.map(watch.value()).get("lsn"));
    }

    private static long from(Call watch) {
        Object from = Values.map(watch.value()).get("from");
        return from == null ? 0 : Values.number(from);
    }

    private void judge(Call watch) {
        List<Change> changes = changes(watch);
        findings.figure("told", changes.size());
        Map<String, Integer> unclear = new HashMap<>(maybeDeleted);
        TreeMap<Position, Change> told = new TreeMap<>();
        Change before = null;
        for (Change change : changes) {
            if (before != null && change.position().compareTo(before.position()) <= 0) {
                findings.add(DISORDER, change + " was told after " + before, watch);
            }
            before = change;
            told.put(change.position(), change);
            made(watch, change, unclear);
        }
        acknowledged.tailMap(new Position(from(watch), -1)).forEach((position, call) -> {
            if (position.lsn() <= lsn(watch) && !told.containsKey(position)) {
                findings.add(LOST, call + " at " + position + " was not told", watch, call);
            }
        });
        if (!acknowledged.isEmpty() && acknowledged.lastKey().lsn() > lsn(watch)) {
            findings.undecided("changes past LSN " + lsn(watch) + " were not watched");
        }
    }

    /** Whether somebody made it, there. */
    private void made(Call watch, Change change, Map<String, Integer> unclear) {
        Call at = acknowledged.get(change.position());
        Call call = change.value() == null ? at : puts.get(change.value());
        boolean isMaybe = change.value() == null && at == null && unclear.merge(change.key(), -1, Integer::sum) >= 0;
        if (isMaybe) {
            return;
        }
        if (call == null || call.fail()) {
            findings.add(
                    UNEXPECTED,
                    "told was " + change + ", which " + (call == null ? "nobody did" : call + " did not"),
                    watch);
        } else if (call.ok() && call != at
                || !Values.text(Values.list(call.invoke().value()).get(0)).equals(change.key())
                || call.f().equals("delete") != (change.value() == null)) {
            findings.add(MISPLACED, "told was " + change + ", which is " + call + " of " + call.seen(), watch, call);
        }
    }

    private static List<Change> between(long from, long lsn, Call watch) {
        return changes(watch).stream()
                .filter(change ->
                        change.position().lsn() >= from && change.position().lsn() <= lsn)
                .toList();
    }

    private void compare(Call one, Call other) {
        long from = Math.max(from(one), from(other));
        long lsn = Math.min(lsn(one), lsn(other));
        List<Change> first = between(from, lsn, one);
        List<Change> second = between(from, lsn, other);
        for (int i = 0; i < Math.max(first.size(), second.size()); i++) {
            Change left = i < first.size() ? first.get(i) : null;
            Change right = i < second.size() ? second.get(i) : null;
            if (left == null || !left.equals(right)) {
                findings.add(
                        DIFFERENT,
                        "up to LSN " + lsn + " change " + i + " is " + left + " to one and " + right + " to the other",
                        one,
                        other);
                return;
            }
        }
    }
}
