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
 * Restores to LSNs that were taken during the run: {@code write [k, v]} and {@code delete [k, null]} carry the version they
 * were given, {@code take-lsn} answers an LSN, and afterwards {@code restore {"lsn":L}} answers
 * {@code {"lsn":L,"rows":{k:[v,"lsn.index"],…}}}. Each restored state is exactly the history's at that LSN: of every key the
 * latest write up to it. A write with an unclear end may be there or not; once some restore shows it, its version is known.
 * Values are unique for each key.
 */
public final class RestoreChecker implements Checker {

    /** A write up to the LSN is not there. */
    public static final String LOST = "lost-write";
    /** A write past the LSN is there. */
    public static final String TOO_NEW = "too-new";
    /** A value that nobody wrote, or whose write failed. */
    public static final String UNEXPECTED = "unexpected-value";
    /** A row has another version than its write was given. */
    public static final String WRONG_VERSION = "wrong-version";
    /** An LSN was taken that lies before a write acknowledged earlier. */
    public static final String LSN_BACK = "lsn-went-back";

    /** Error of a restore to an LSN that the floor passed after it was chosen: nobody has to keep that state. */
    public static final String GIVEN_UP = "given up";

    /** A change of a key and where it stands; null = nobody knows. */
    private static final class Change {
        final Call call;
        final String value;
        Position position;

        Change(Call call, String value) {
            this.call = call;
            this.value = value;
        }
    }

    /** All changes of one key. */
    private static final class Key {
        final Map<String, Change> puts = new HashMap<>();
        final TreeMap<Position, Change> timeline = new TreeMap<>();
        /** A deletion with an unclear end: the key may be absent at any time. */
        boolean maybeDeleted;

        void place(Change change, Position position) {
            change.position = position;
            if (!change.call.fail()) {
                timeline.put(position, change);
            }
        }

        /** The last change up to an LSN, or null. */
        Change latest(long lsn) {
            Map.Entry<Position, Change> entry = timeline.floorEntry(new Position(lsn, Long.MAX_VALUE));
            return entry == null ? null : entry.getValue();
        }
    }

    private final Map<String, Key> keys = new HashMap<>();
    private Findings findings;

    @Override
    public Verdict check(History history, Limits limits) {
        RestoreChecker judge = new RestoreChecker();
        judge.findings = new Findings();
        judge.judge(history.calls());
        return judge.findings.verdict(history);
    }

    private void judge(List<Call> calls) {
        List<Call> restores = new ArrayList<>();
        for (Call call : calls) {
            switch (call.f()) {
                case "write", "delete" -> change(call);
                case "take-lsn" -> findings.count("taken");
                case "restore" -> {
                    if (call.ok()) {
                        restores.add(call);
                    } else if (call.fail() && call.end().error().startsWith(GIVEN_UP)) {
                        findings.count("given up");
                    } else {
                        findings.undecided(call + ": this state was not restored");
                    }
                }
                case "read" -> {}
                default -> throw new IllegalArgumentException("a restore knows no " + call.f() + ": " + call);
            }
        }
        takenInOrder(calls);
        findings.figure("restored", restores.size());
        if (restores.isEmpty()) {
            findings.undecided("nothing was restored");
        }
        restores.forEach(this::learn);
        restores.forEach(this::judge);
    }

    private void change(Call call) {
        List<?> pair = Values.list(call.invoke().value());
        String version = call.seen().version();
        Key key = keys.computeIfAbsent(Values.text(pair.get(0)), k -> new Key());
        Change change = new Change(call, Values.text(pair.get(1)));
        if (change.value != null) {
            key.puts.put(change.value, change);
        } else if (call.info()) {
            key.maybeDeleted = true;
        }
        if (version != null) {
            key.place(change, Position.parse(version));
        }
    }

    private void takenInOrder(List<Call> calls) {
        List<Call> byEnd = new ArrayList<>(calls);
        byEnd.sort((a, b) -> Long.compare(a.ended(), b.ended()));
        Call greatest = null;
        long lsn = -1;
        int ended = 0;
        for (Call call : calls) {
            for (; byEnd.get(ended).ended() < call.began(); ended++) {
                Call before = byEnd.get(ended);
                if (before.ok() && before.seen().version() != null) {
                    long given = Position.parse(before.seen().version()).lsn();
                    greatest = given > lsn ? before : greatest;
                    lsn = Math.max(lsn, given);
                }
            }
            if (call.ok() && call.f().equals("take-lsn") && Values.number(call.value()) < lsn) {
                findings.add(LSN_BACK, call + " answered less than was given before to " + greatest, call, greatest);
            }
        }
    }

    private static Map<?, ?> rows(Call restore) {
        return Values.map(Values.map(restore.value()).get("rows"));
    }

    /** Learns the versions of changes whose end was unclear. */
    private void learn(Call restore) {
        rows(restore).forEach((key, row) -> {
            List<?> pair = Values.list(row);
            Change change = find(key.toString(), Values.text(pair.get(0)));
            if (change != null && change.position == null) {
                keys.get(key.toString()).place(change, Position.parse(Values.text(pair.get(1))));
            }
        });
    }

    private Change find(String key, String value) {
        return keys.containsKey(key) ? keys.get(key).puts.get(value) : null;
    }

    private void judge(Call restore) {
        long lsn = Values.number(Values.map(restore.value()).get("lsn"));
        Map<?, ?> rows = rows(restore);
        rows.forEach((key, row) -> row(restore, lsn, key.toString(), Values.list(row)));
        keys.forEach((name, key) -> {
            Change latest = key.latest(lsn);
            if (latest != null && latest.value != null && !rows.containsKey(name) && !key.maybeDeleted) {
                findings.add(
                        LOST,
                        "restored at LSN " + lsn + ", key " + name + " is absent; " + latest.call + " wrote it at "
                                + latest.position,
                        restore,
                        latest.call);
            }
        });
    }

    private void row(Call restore, long lsn, String key, List<?> pair) {
        String value = Values.text(pair.get(0));
        Position position = Position.parse(Values.text(pair.get(1)));
        String where = "restored at LSN " + lsn + ", key " + key + " holds " + value + " at " + pair.get(1);
        Change change = find(key, value);
        Change latest = change == null ? null : keys.get(key).latest(lsn);
        if (change == null || change.call.fail()) {
            findings.add(
                    UNEXPECTED,
                    where + ", which " + (change == null ? "nobody wrote" : change.call + " did not"),
                    restore);
        } else if (!position.equals(change.position)) {
            findings.add(
                    WRONG_VERSION, where + "; " + change.call + " was given " + change.position, restore, change.call);
        } else if (position.lsn() > lsn) {
            findings.add(TOO_NEW, where + ", written later by " + change.call, restore, change.call);
        } else if (latest != null && position.compareTo(latest.position) < 0) {
            findings.add(
                    LOST, where + "; later, at " + latest.position + ", came " + latest.call, restore, latest.call);
        }
    }
}
