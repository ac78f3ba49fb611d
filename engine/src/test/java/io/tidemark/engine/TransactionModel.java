package io.tidemark.engine;

import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Reply;
import io.tidemark.engine.log.Reply.Status;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What transactions mean, without undo: each open one is a map of its own changes beside what is committed. */
final class TransactionModel {
    final TreeMap<String, String> committed = new TreeMap<>();
    final TreeMap<Long, Owner> open = new TreeMap<>();

    /** What transactions that are being taken back may still hold. */
    private final Map<Long, Owner> leaving = new TreeMap<>();

    /** One open transaction. */
    static final class Owner {
        final TreeMap<String, Optional<String>> changes = new TreeMap<>();
        final Set<String> keys = new HashSet<>();
        final List<String[]> ranges = new ArrayList<>();
        final TreeMap<Long, Owner> savepoints = new TreeMap<>();

        /** Undo rows that a rollback to a savepoint still has to consume. */
        boolean waiting;

        private Owner copy() {
            Owner copy = new Owner();
            copy.changes.putAll(changes);
            copy.keys.addAll(keys);
            copy.ranges.addAll(ranges);
            return copy;
        }

        private void comeBackTo(long position) {
            Owner then = savepoints.get(position);
            savepoints.tailMap(position, false).clear();
            changes.clear();
            changes.putAll(then.changes);
            keys.retainAll(then.keys);
            ranges.retainAll(then.ranges);
        }

        boolean holds(String key) {
            return keys.contains(key) || ranges.stream().anyMatch(r -> inside(key, r));
        }

        boolean meets(String[] range) {
            return keys.stream().anyMatch(key -> inside(key, range))
                    || ranges.stream().anyMatch(r -> r[0].compareTo(range[1]) < 0 && range[0].compareTo(r[1]) < 0);
        }
    }

    private static boolean inside(String key, String[] range) {
        return range[0].compareTo(key) <= 0 && key.compareTo(range[1]) < 0;
    }

    /** All rows that a reader of this transaction sees; 0 for none. */
    TreeMap<String, String> seenBy(long own) {
        TreeMap<String, String> rows = new TreeMap<>(committed);
        if (own != 0) {
            open.get(own)
                    .changes
                    .forEach((key, value) -> value.ifPresentOrElse(v -> rows.put(key, v), () -> rows.remove(key)));
        }
        return rows;
    }

    /** Takes a reply in and says what is wrong with it; empty when it is as it must be. */
    Optional<String> judge(Command command, Reply reply) {
        Status expected = expected(command);
        boolean perhaps =
                expected != reply.status() && reply.status() == Status.CONFLICT && heldByLeaving(command, reply);
        if (expected != reply.status() && !perhaps) {
            return Optional.of(command + " was answered " + reply.status() + ", not " + expected);
        }
        if (reply.status() == Status.OK) {
            apply(command, reply);
        }
        return Optional.empty();
    }

    private boolean heldByLeaving(Command command, Reply reply) {
        Owner holder = leaving.get(reply.number());
        return holder != null && touches(holder, command.operation());
    }

    private Status expected(Command command) {
        Operation operation = command.operation();
        long own = command.transaction();
        if (own != 0 && !open.containsKey(own)) {
            return Status.NO_TRANSACTION;
        }
        if (own != 0 && open.get(own).waiting && !(operation instanceof Operation.Rollback)) {
            return Status.CONFLICT;
        }
        boolean taken = open.entrySet().stream()
                .anyMatch(other -> other.getKey() != own && touches(other.getValue(), operation));
        if (taken) {
            return Status.CONFLICT;
        }
        if (operation instanceof Operation.Delete delete) {
            return seenBy(own).containsKey(text(delete.key())) ? Status.OK : Status.NOT_FOUND;
        }
        if (operation instanceof Operation.RollbackTo back) {
            return open.get(own).savepoints.containsKey(back.savepoint()) ? Status.OK : Status.REFUSED;
        }
        return Status.OK;
    }

    private static boolean touches(Owner holder, Operation operation) {
        if (operation instanceof Operation.Put put) {
            return holder.holds(text(put.key()));
        } else if (operation instanceof Operation.Delete delete) {
            return holder.holds(text(delete.key()));
        } else if (operation instanceof Operation.LockKey lock) {
            return holder.holds(text(lock.key()));
        } else if (operation instanceof Operation.LockRange lock) {
            return holder.meets(new String[] {text(lock.from()), text(lock.to())});
        }
        return false;
    }

    private void apply(Command command, Reply reply) {
        Operation operation = command.operation();
        long own = command.transaction();
        Owner owner = open.get(own);
        if (operation instanceof Operation.Begin) {
            open.put(reply.number(), new Owner());
        } else if (operation instanceof Operation.Put put) {
            change(owner, text(put.key()), Optional.of(text(put.value())));
        } else if (operation instanceof Operation.Delete delete) {
            change(owner, text(delete.key()), Optional.empty());
        } else if (operation instanceof Operation.LockKey lock) {
            owner.keys.add(text(lock.key()));
        } else if (operation instanceof Operation.LockRange lock) {
            owner.ranges.add(new String[] {text(lock.from()), text(lock.to())});
        } else if (operation instanceof Operation.Savepoint) {
            owner.savepoints.put(reply.number(), owner.copy());
        } else if (operation instanceof Operation.RollbackTo back) {
            owner.comeBackTo(back.savepoint());
            owner.waiting = reply.number() > 0;
            if (owner.waiting) {
                leaving.put(own, everything());
            }
        } else if (operation instanceof Operation.Rollback) {
            leaving.put(own, everything());
            open.remove(own);
        } else if (operation instanceof Operation.Commit) {
            committed.putAll(seenBy(own));
            committed.keySet().retainAll(seenBy(own).keySet());
            open.remove(own);
        }
    }

    /** Somebody who may hold any key: which of them are free already depends on how far the rows are consumed. */
    private static Owner everything() {
        Owner all = new Owner();
        all.ranges.add(new String[] {"", "\uffff"});
        return all;
    }

    private void change(Owner owner, String key, Optional<String> value) {
        if (owner != null) {
            owner.changes.put(key, value);
            owner.keys.add(key);
        } else {
            value.ifPresentOrElse(v -> committed.put(key, v), () -> committed.remove(key));
        }
    }

    /** Nothing is left of the transaction's rollback. */
    void rolledBack(long transaction) {
        leaving.remove(transaction);
        if (open.containsKey(transaction)) {
            open.get(transaction).waiting = false;
        }
    }

    private static String text(byte[] bytes) {
        return EngineRig.text(bytes);
    }
}
