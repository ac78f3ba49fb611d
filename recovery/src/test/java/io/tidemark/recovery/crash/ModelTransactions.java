package io.tidemark.recovery.crash;

import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Precondition;
import io.tidemark.engine.log.Reply;
import io.tidemark.engine.log.Reply.Status;
import io.tidemark.engine.log.Version;
import io.tidemark.recovery.crash.LogModel.Held;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Transactions of the model: each is the list of what it would have to take back, in order. Locks are whatever those
 * lists name. The records themselves are in the model's keyspaces as they were changed last.
 */
final class ModelTransactions {
    private final TreeMap<String, TreeMap<String, Held>> records;
    final TreeMap<Long, Tx> all = new TreeMap<>();
    private long lastId;

    enum Phase {
        OPEN,
        ROLLING_BACK,
        CLEANING
    }

    private enum Kind {
        CHANGE,
        KEY,
        RANGE,
        POINT
    }

    /** One thing to take back. @param key or the first key of a range, null: none @param before of a change, null: nothing */
    private record Undo(Kind kind, String space, String key, String to, Held before) {
        boolean holds(String keyspace, String other) {
            return switch (kind) {
                case CHANGE, KEY -> space.equals(keyspace) && key.equals(other);
                case RANGE -> space.equals(keyspace) && inside(other, key, to);
                case POINT -> false;
            };
        }

        boolean isOf(String keyspace, String other) {
            return kind != Kind.RANGE && holds(keyspace, other);
        }
    }

    static final class Tx {
        final long id;
        private final long timeoutMillis;
        private final List<Undo> rows = new ArrayList<>();
        private long usedMillis;
        private Phase phase = Phase.OPEN;
        private int target;
        private int savepoint;

        private Tx(long id, long timeoutMillis, long usedMillis) {
            this.id = id;
            this.timeoutMillis = timeoutMillis;
            this.usedMillis = usedMillis;
        }

        private Tx copy() {
            Tx copy = new Tx(id, timeoutMillis, usedMillis);
            copy.rows.addAll(rows);
            copy.phase = phase;
            copy.target = target;
            copy.savepoint = savepoint;
            return copy;
        }

        boolean isOpen() {
            return phase == Phase.OPEN;
        }

        int rows() {
            return rows.size();
        }

        private long deadlineMillis() {
            return usedMillis + timeoutMillis;
        }

        private int lastChange(String space, String key) {
            for (int row = rows.size(); row > 0; row--) {
                Undo undo = rows.get(row - 1);
                if (undo.kind == Kind.CHANGE && undo.isOf(space, key)) {
                    return row;
                }
            }
            return 0;
        }
    }

    ModelTransactions(TreeMap<String, TreeMap<String, Held>> records) {
        this.records = records;
    }

    void copyTo(ModelTransactions copy) {
        all.forEach((id, tx) -> copy.all.put(id, tx.copy()));
        copy.lastId = lastId;
    }

    private static boolean inside(String key, String from, String to) {
        return (from == null || from.compareTo(key) <= 0) && (to == null || key.compareTo(to) < 0);
    }

    /** Ids of those whose changes are theirs alone. */
    List<Long> open() {
        return all.values().stream()
                .filter(tx -> tx.phase != Phase.CLEANING)
                .map(tx -> tx.id)
                .toList();
    }

    /** What the log's owner should propose, for slices of so many rows. */
    Optional<Operation> work(int rows) {
        return all.values().stream()
                .filter(tx -> tx.phase != Phase.OPEN)
                .findFirst()
                .map(tx -> tx.phase == Phase.CLEANING
                        ? new Operation.CleanSlice(tx.id, tx.rows.size(), rows)
                        : new Operation.RollbackSlice(tx.id, tx.rows.size(), rows));
    }

    /** All records as the owner of a transaction sees them; 0 for nobody. */
    TreeMap<String, TreeMap<String, Held>> seenBy(long own) {
        TreeMap<String, TreeMap<String, Held>> seen = new TreeMap<>();
        records.forEach((space, rows) -> seen.put(space, new TreeMap<>(rows)));
        for (Tx tx : all.values()) {
            for (int row = tx.rows.size(); tx.phase != Phase.CLEANING && tx.id != own && row > 0; row--) {
                takeBack(seen, tx.rows.get(row - 1));
            }
        }
        return seen;
    }

    private static void takeBack(Map<String, TreeMap<String, Held>> rows, Undo undo) {
        if (undo.kind == Kind.CHANGE && undo.before == null) {
            rows.get(undo.space).remove(undo.key);
        } else if (undo.kind == Kind.CHANGE) {
            rows.get(undo.space).put(undo.key, undo.before);
        }
    }

    /** Keys that somebody holds, each by itself: keyspace, key. */
    List<String[]> lockedKeys() {
        return all.values().stream()
                .filter(tx -> tx.phase != Phase.CLEANING)
                .flatMap(tx -> tx.rows.stream())
                .filter(row -> row.kind == Kind.CHANGE || row.kind == Kind.KEY)
                .map(row -> new String[] {row.space, row.key})
                .toList();
    }

    /** Who holds the key and is not {@code by}; 0 for nobody. */
    long holder(String space, String key, long by) {
        return holders(by).stream()
                .filter(tx -> tx.rows.stream().anyMatch(row -> row.holds(space, key)))
                .mapToLong(tx -> tx.id)
                .findFirst()
                .orElse(0);
    }

    /** Who holds the first key locked in the range, or else the first that holds a range which meets it. */
    long holder(String space, String from, String to, long by) {
        TreeMap<String, Long> keys = new TreeMap<>();
        long range = 0;
        for (Tx tx : holders(by)) {
            for (Undo row : tx.rows) {
                boolean here = row.kind != Kind.POINT && row.space.equals(space);
                if (here && row.kind != Kind.RANGE && inside(row.key, from, to)) {
                    keys.put(row.key, tx.id);
                } else if (here && row.kind == Kind.RANGE && range == 0 && meet(row, from, to)) {
                    range = tx.id;
                }
            }
        }
        return keys.isEmpty() ? range : keys.firstEntry().getValue();
    }

    private Collection<Tx> holders(long by) {
        return all.values().stream()
                .filter(tx -> tx.phase != Phase.CLEANING && tx.id != by)
                .toList();
    }

    private static boolean meet(Undo row, String from, String to) {
        return (row.key == null || to == null || row.key.compareTo(to) < 0)
                && (row.to == null || from == null || from.compareTo(row.to) < 0);
    }

    static Reply conflict(long holder, Version at) {
        return Reply.of(Status.CONFLICT, at, holder);
    }

    Reply begin(Operation.Begin begin, Version at, long nowMillis) {
        lastId++;
        all.put(lastId, new Tx(lastId, begin.timeoutMillis(), nowMillis));
        return Reply.of(Status.OK, at, lastId);
    }

    Reply apply(long id, Operation operation, Version at, long nowMillis) {
        Tx tx = all.get(id);
        if (tx == null || tx.phase == Phase.CLEANING || (tx.phase == Phase.ROLLING_BACK && tx.target == 0)) {
            return Reply.of(Status.NO_TRANSACTION, at);
        }
        if (operation instanceof Operation.Rollback rollback) {
            return rollBack(tx, 0, rollback.rows(), at);
        }
        if (tx.phase != Phase.OPEN) {
            return conflict(id, at);
        }
        tx.usedMillis = nowMillis;
        if (operation instanceof Operation.Put put) {
            return change(tx, put.keyspace(), put.key(), put.precondition(), LogModel.held(put, at), at);
        } else if (operation instanceof Operation.Delete delete) {
            return change(tx, delete.keyspace(), delete.key(), delete.precondition(), null, at);
        } else if (operation instanceof Operation.LockKey lock) {
            return lock(tx, lock, at);
        } else if (operation instanceof Operation.LockRange lock) {
            String from = LogModel.text(lock.from());
            String to = LogModel.text(lock.to());
            long holder = holder(lock.keyspace(), from, to, id);
            if (holder != 0) {
                return conflict(holder, at);
            }
            tx.rows.add(new Undo(Kind.RANGE, lock.keyspace(), from, to, null));
            return Reply.of(Status.OK, at);
        } else if (operation instanceof Operation.Savepoint) {
            tx.rows.add(new Undo(Kind.POINT, null, null, null, null));
            tx.savepoint = tx.rows.size();
            return Reply.of(Status.OK, at, tx.savepoint);
        } else if (operation instanceof Operation.RollbackTo back) {
            boolean known =
                    back.savepoint() <= tx.rows.size() && tx.rows.get((int) back.savepoint() - 1).kind == Kind.POINT;
            return known ? rollBack(tx, (int) back.savepoint(), back.rows(), at) : Reply.of(Status.REFUSED, at);
        }
        tx.phase = Phase.CLEANING;
        tx.target = 0;
        return goOn(tx, ((Operation.Commit) operation).rows(), at);
    }

    private Reply change(Tx tx, String space, byte[] bytes, Precondition condition, Held value, Version at) {
        String key = LogModel.text(bytes);
        long holder = holder(space, key, tx.id);
        if (holder != 0) {
            return conflict(holder, at);
        }
        Held found = records.getOrDefault(space, new TreeMap<>()).get(key);
        if (!LogModel.holds(condition, found)) {
            return Reply.of(Status.CONDITION_FAILED, found == null ? Version.NONE : found.version());
        }
        if (value == null && found == null) {
            return Reply.of(Status.NOT_FOUND, at);
        }
        if (tx.lastChange(space, key) <= tx.savepoint) {
            tx.rows.add(new Undo(Kind.CHANGE, space, key, null, found));
        }
        TreeMap<String, Held> rows = records.computeIfAbsent(space, name -> new TreeMap<>());
        if (value == null) {
            rows.remove(key);
        } else {
            rows.put(key, value);
        }
        return Reply.of(Status.OK, at);
    }

    private Reply lock(Tx tx, Operation.LockKey lock, Version at) {
        String space = lock.keyspace();
        String key = LogModel.text(lock.key());
        long holder = holder(space, key, tx.id);
        if (holder != 0) {
            return conflict(holder, at);
        }
        if (tx.rows.stream().noneMatch(row -> row.isOf(space, key))) {
            tx.rows.add(new Undo(Kind.KEY, space, key, null, null));
        }
        Held found = records.getOrDefault(space, new TreeMap<>()).get(key);
        return Reply.of(Status.OK, found == null ? Version.NONE : found.version());
    }

    private Reply rollBack(Tx tx, int target, int rows, Version at) {
        tx.savepoint = target;
        tx.phase = Phase.ROLLING_BACK;
        tx.target = target;
        return goOn(tx, rows, at);
    }

    private Reply goOn(Tx tx, int rows, Version at) {
        for (int done = 0; done < rows && tx.rows.size() > tx.target; done++) {
            Undo last = tx.rows.remove(tx.rows.size() - 1);
            if (tx.phase == Phase.ROLLING_BACK) {
                takeBack(records, last);
            }
        }
        int left = tx.rows.size() - tx.target;
        if (tx.rows.isEmpty() && tx.target == 0) {
            all.remove(tx.id);
        } else if (left == 0) {
            tx.phase = Phase.OPEN;
            tx.target = 0;
        }
        return Reply.of(Status.OK, at, left);
    }

    Reply slice(boolean clean, long id, long from, int rows, Version at) {
        Tx tx = all.get(id);
        Phase phase = clean ? Phase.CLEANING : Phase.ROLLING_BACK;
        return tx == null || tx.phase != phase || tx.rows.size() != from
                ? Reply.of(Status.REFUSED, at)
                : goOn(tx, rows, at);
    }

    /** Begins to take back those whose time is over; how many. */
    int expire(long atMillis, Version at) {
        List<Tx> expired = all.values().stream()
                .filter(tx -> tx.phase == Phase.OPEN && tx.deadlineMillis() <= atMillis)
                .toList();
        expired.forEach(tx -> rollBack(tx, 0, 0, at));
        return expired.size();
    }

    void rollBackAll(Version at) {
        List.copyOf(all.values()).stream()
                .filter(tx -> tx.phase != Phase.CLEANING)
                .forEach(tx -> rollBack(tx, 0, 0, at));
    }
}
