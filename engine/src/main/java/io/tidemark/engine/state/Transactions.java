package io.tidemark.engine.state;

import io.tidemark.engine.Change;
import io.tidemark.engine.log.EntryLimits;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Operation.Begin;
import io.tidemark.engine.log.Operation.CleanSlice;
import io.tidemark.engine.log.Operation.Commit;
import io.tidemark.engine.log.Operation.Delete;
import io.tidemark.engine.log.Operation.LockKey;
import io.tidemark.engine.log.Operation.LockRange;
import io.tidemark.engine.log.Operation.Put;
import io.tidemark.engine.log.Operation.Rollback;
import io.tidemark.engine.log.Operation.RollbackSlice;
import io.tidemark.engine.log.Operation.RollbackTo;
import io.tidemark.engine.log.Operation.Savepoint;
import io.tidemark.engine.log.Precondition;
import io.tidemark.engine.log.Reply;
import io.tidemark.engine.log.Reply.Status;
import io.tidemark.engine.log.Version;
import io.tidemark.engine.page.Cell;
import io.tidemark.engine.txn.LockTable;
import io.tidemark.engine.txn.Transaction;
import io.tidemark.engine.txn.Transaction.Phase;
import io.tidemark.engine.txn.TransactionLimits;
import io.tidemark.engine.txn.TransactionView;
import io.tidemark.engine.txn.UndoRow;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What commands of open transactions do (rules T1, T3, E6, E7). A command that cannot be done at once is refused at once,
 * and then has changed nothing and taken no lock.
 */
final class Transactions {
    private static final byte[] NOTHING = {};

    private final Trees trees;
    private final TransactionLimits limits;
    private final LockTable locks = new LockTable();
    private final TransactionTable table;
    private final UndoLog undo;
    private Consumer<Change> changes;

    Transactions(Trees trees, TransactionLimits limits) {
        this.trees = trees;
        this.limits = limits;
        this.table = new TransactionTable(trees);
        this.undo = new UndoLog(trees, locks);
        table.loadLocks(locks);
    }

    /** Told of what commits make seen. */
    void listen(Consumer<Change> listener) {
        changes = listener;
    }

    TransactionView view() {
        return table.view();
    }

    /** Writes what the entry changed. */
    void store(long lsn) {
        table.store(lsn);
    }

    /** CONFLICT when an open transaction holds the key, for whoever is in none. */
    Optional<Reply> conflict(String keyspace, byte[] key, Version at) {
        return conflict(holder(keyspace, key), at);
    }

    /** The transaction that holds the key, 0 for none. */
    long holder(String keyspace, byte[] key) {
        return locks.holder(keyspace, key, 0);
    }

    /** CONFLICT when an open transaction holds a key or a range within this one, for whoever is in none. */
    Optional<Reply> conflict(String keyspace, byte[] from, byte[] to, Version at) {
        return conflict(locks.holder(keyspace, from, to, 0), at);
    }

    private static Optional<Reply> conflict(long holder, Version at) {
        return holder == 0 ? Optional.empty() : Optional.of(Reply.of(Status.CONFLICT, at, holder));
    }

    /** Whether another transaction may begin; answers LIMIT otherwise. */
    Optional<Reply> full(Version at) {
        return table.size() < limits.transactions()
                ? Optional.empty()
                : Optional.of(Reply.of(Status.LIMIT, at, limits.transactions()));
    }

    Reply begin(long id, Begin begin, Version at, long nowMillis) {
        table.begin(new Transaction(id, at, begin.timeoutMillis()), nowMillis);
        return Reply.of(Status.OK, at, id);
    }

    /** A command of the transaction's owner. */
    Reply apply(long id, Operation operation, Version at, long nowMillis) {
        Transaction transaction = table.get(id);
        if (transaction == null || transaction.hasEnded()) {
            return Reply.of(Status.NO_TRANSACTION, at);
        }
        if (operation instanceof Rollback rollback) {
            return rollback(transaction, 0, rollback.rows(), at);
        }
        if (transaction.phase != Phase.OPEN) {
            return Reply.of(Status.CONFLICT, at, id);
        }
        table.use(transaction, nowMillis);
        if (operation instanceof Put put) {
            return put(transaction, put, at);
        } else if (operation instanceof Delete delete) {
            return delete(transaction, delete, at);
        } else if (operation instanceof LockKey lock) {
            return lock(transaction, lock, at);
        } else if (operation instanceof LockRange lock) {
            return lock(transaction, lock, at);
        } else if (operation instanceof Savepoint) {
            return savepoint(transaction, at);
        } else if (operation instanceof RollbackTo back) {
            return undo.isSavepoint(transaction, back.savepoint())
                    ? rollback(transaction, back.savepoint(), back.rows(), at)
                    : Reply.of(Status.REFUSED, at);
        } else if (operation instanceof Commit commit) {
            return commit(transaction, commit.rows(), at);
        }
        throw new IllegalStateException("operation without a meaning in a transaction: " + operation);
    }

    private Reply put(Transaction transaction, Put put, Version at) {
        Optional<Reply> conflict = conflict(locks.holder(put.keyspace(), put.key(), transaction.id), at);
        if (conflict.isPresent()) {
            return conflict.get();
        }
        Cell found = trees.cell(put.keyspace(), put.key()).orElse(null);
        Version version = found == null || found.isGhost() ? Version.NONE : found.version();
        if (!CommandInterpreter.holds(put.precondition(), version)) {
            return Reply.of(Status.CONDITION_FAILED, version);
        }
        return change(transaction, put.keyspace(), put.key(), found, put.value(), at);
    }

    private Reply delete(Transaction transaction, Delete delete, Version at) {
        Optional<Reply> conflict = conflict(locks.holder(delete.keyspace(), delete.key(), transaction.id), at);
        if (conflict.isPresent()) {
            return conflict.get();
        }
        Cell found = trees.cell(delete.keyspace(), delete.key()).orElse(null);
        boolean there = found != null && !found.isGhost();
        Version version = there ? found.version() : Version.NONE;
        Precondition condition = delete.precondition();
        if (!CommandInterpreter.holds(condition, version)) {
            return Reply.of(Status.CONDITION_FAILED, version);
        }
        return there
                ? change(transaction, delete.keyspace(), delete.key(), found, null, at)
                : Reply.of(Status.NOT_FOUND, at);
    }

    /**
     * Changes a record that no other transaction holds.
     *
     * @param found the record as it is stored, null for none
     * @param value null to delete
     */
    private Reply change(Transaction transaction, String space, byte[] key, Cell found, byte[] value, Version at) {
        long image = locks.image(space, key);
        long first;
        if (image > transaction.savepoint) {
            // Nobody can come back to what is here now.
            trees.free(found);
            first = found.sequence();
        } else {
            UndoRow head = UndoRow.before(space, key, found, transaction.id, image);
            Cell before = head.kind() == UndoRow.Kind.ABSENT ? null : found;
            Optional<Reply> full = full(transaction, head, before, at);
            if (full.isPresent()) {
                return full.get();
            }
            long sequence = undo.add(transaction, head, before, at);
            first = head.isOwn() ? head.first() : sequence;
        }
        Cell changed = value == null ? Cell.ghost(at) : trees.make(key, NOTHING, value, at);
        trees.put(space, key, changed.marked(transaction.id, first));
        return Reply.of(Status.OK, at);
    }

    /** LIMIT when the row would be one too many. */
    private Optional<Reply> full(Transaction transaction, UndoRow head, Cell before, Version at) {
        long bytes = transaction.bytes + UndoRow.bytes(head.head().length, before);
        if (bytes > limits.undoBytes()) {
            return Optional.of(Reply.of(Status.LIMIT, at, limits.undoBytes()));
        }
        boolean locksKey = head.isImage() || head.kind() == UndoRow.Kind.KEY;
        if (locksKey && locks.keys() >= limits.keyLocks() && !locks.isLocked(head.keyspace(), head.key())) {
            return Optional.of(Reply.of(Status.LIMIT, at, limits.keyLocks()));
        }
        if (head.kind() == UndoRow.Kind.RANGE && locks.ranges() >= limits.rangeLocks()) {
            return Optional.of(Reply.of(Status.LIMIT, at, limits.rangeLocks()));
        }
        return Optional.empty();
    }

    private Reply lock(Transaction transaction, LockKey lock, Version at) {
        Optional<Reply> conflict = conflict(locks.holder(lock.keyspace(), lock.key(), transaction.id), at);
        if (conflict.isPresent()) {
            return conflict.get();
        }
        if (!locks.isLocked(lock.keyspace(), lock.key())) {
            UndoRow head = UndoRow.keyLock(lock.keyspace(), lock.key());
            Optional<Reply> full = full(transaction, head, null, at);
            if (full.isPresent()) {
                return full.get();
            }
            undo.add(transaction, head, null, at);
        }
        return Reply.of(Status.OK, trees.version(lock.keyspace(), lock.key()).orElse(Version.NONE));
    }

    private Reply lock(Transaction transaction, LockRange lock, Version at) {
        Optional<Reply> conflict = conflict(locks.holder(lock.keyspace(), lock.from(), lock.to(), transaction.id), at);
        if (conflict.isPresent()) {
            return conflict.get();
        }
        UndoRow head = UndoRow.rangeLock(lock.keyspace(), lock.from(), lock.to());
        Optional<Reply> full = full(transaction, head, null, at);
        if (full.isPresent()) {
            return full.get();
        }
        undo.add(transaction, head, null, at);
        return Reply.of(Status.OK, at);
    }

    private Reply savepoint(Transaction transaction, Version at) {
        UndoRow head = UndoRow.savepoint();
        Optional<Reply> full = full(transaction, head, null, at);
        if (full.isPresent()) {
            return full.get();
        }
        transaction.savepoint = undo.add(transaction, head, null, at);
        return Reply.of(Status.OK, at, transaction.savepoint);
    }

    private Reply rollback(Transaction transaction, long target, int rows, Version at) {
        transaction.savepoint = target;
        table.move(transaction, Phase.ROLLING_BACK, target);
        return goOn(transaction, rows, at);
    }

    private Reply commit(Transaction transaction, int rows, Version at) {
        if (changes != null) {
            undo.changed(transaction, at).forEach(changes);
        }
        table.move(transaction, Phase.CLEANING, 0);
        locks.release(transaction.id);
        return goOn(transaction, rows, at);
    }

    /** Consumes rows of a transaction that has nothing else to do; ends it, or its rollback, when none are left. */
    private Reply goOn(Transaction transaction, int rows, Version at) {
        for (int done = 0; done < rows && transaction.rows > transaction.target; done++) {
            if (transaction.phase == Phase.CLEANING) {
                undo.cleanLast(transaction);
            } else {
                undo.undoLast(transaction);
            }
        }
        table.touch(transaction);
        long left = transaction.rows - transaction.target;
        if (transaction.rows == 0 && transaction.target == 0) {
            table.end(transaction);
        } else if (left == 0) {
            table.move(transaction, Phase.OPEN, 0);
        }
        return Reply.of(Status.OK, at, left);
    }

    Reply rollbackSlice(RollbackSlice slice, Version at) {
        return slice(Phase.ROLLING_BACK, slice.transaction(), slice.from(), slice.rows(), at);
    }

    Reply cleanSlice(CleanSlice slice, Version at) {
        return slice(Phase.CLEANING, slice.transaction(), slice.from(), slice.rows(), at);
    }

    private Reply slice(Phase phase, long id, long from, int rows, Version at) {
        Transaction transaction = table.get(id);
        if (transaction == null || transaction.phase != phase || transaction.rows != from) {
            return Reply.of(Status.REFUSED, at);
        }
        return goOn(transaction, rows, at);
    }

    /** Begins to roll back those that have expired; the payload says how many. */
    Reply expire(long atMillis, Version at) {
        int expired = 0;
        for (Optional<Transaction> next = table.expired(atMillis);
                next.isPresent() && expired < EntryLimits.TRANSACTIONS_EXPIRED_MAX;
                next = table.expired(atMillis)) {
            rollback(next.get(), 0, 0, at);
            expired++;
        }
        return new Reply(
                Status.OK,
                at,
                ByteBuffer.allocate(Integer.BYTES).putInt(expired).array());
    }

    /** Begins to roll back all that are open (rule H2). */
    void rollBackAll(Version at) {
        for (Transaction transaction : table.inOrder()) {
            if (transaction.phase != Phase.CLEANING) {
                rollback(transaction, 0, 0, at);
            }
        }
    }
}
