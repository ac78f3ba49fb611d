package io.tidemark.engine.state;

import io.tidemark.engine.log.Version;
import io.tidemark.engine.page.Cell;
import io.tidemark.engine.txn.LockTable;
import io.tidemark.engine.txn.OpenTransactions;
import io.tidemark.engine.txn.Transaction;
import io.tidemark.engine.txn.Transaction.Phase;
import io.tidemark.engine.txn.TransactionView;
import io.tidemark.engine.txn.TransactionView.Unfinished;
import io.tidemark.engine.txn.UndoRow;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;

/** The rows of transactions that have not gone yet, in memory; changed rows are written at the end of an entry. */
final class TransactionTable {
    private static final Comparator<Transaction> FIRST_TO_EXPIRE =
            Comparator.comparingLong(Transaction::deadlineMillis).thenComparingLong(t -> t.id);

    private final Trees trees;
    private final TreeMap<Long, Transaction> all = new TreeMap<>();
    private final TreeSet<Transaction> byDeadline = new TreeSet<>(FIRST_TO_EXPIRE);

    /** Transactions with undo rows that somebody has to consume. */
    private final TreeMap<Long, Transaction> unfinished = new TreeMap<>();

    /** Changed by the entry in progress. */
    private final TreeSet<Long> touched = new TreeSet<>();

    private final TreeSet<Long> stored = new TreeSet<>();
    private OpenTransactions open = OpenTransactions.NONE;
    private boolean openChanged;
    private TransactionView view;

    TransactionTable(Trees trees) {
        this.trees = trees;
        trees.scan(Transaction.TREE, null, null, (key, row) -> {
            Transaction read = Transaction.read(key, row);
            all.put(read.id, read);
            stored.add(read.id);
            index(read);
            return true;
        });
        openChanged = true;
    }

    /** Adds the locks of all that have not ended; rows of transactions that are being cleaned up hold none. */
    void loadLocks(LockTable locks) {
        for (Transaction transaction : all.values()) {
            if (transaction.phase == Phase.CLEANING) {
                continue;
            }
            for (long sequence = 1; sequence <= transaction.rows; sequence++) {
                byte[] key = UndoRow.key(transaction.id, sequence);
                Cell row = trees.cell(UndoRow.TREE, key).orElseThrow();
                locks.add(UndoRow.of(row), transaction.id, sequence);
            }
        }
    }

    private void index(Transaction transaction) {
        if (transaction.phase == Phase.OPEN) {
            byDeadline.add(transaction);
        } else {
            unfinished.put(transaction.id, transaction);
        }
    }

    int size() {
        return all.size();
    }

    Transaction get(long id) {
        return all.get(id);
    }

    List<Transaction> inOrder() {
        return List.copyOf(all.values());
    }

    void begin(Transaction transaction, long nowMillis) {
        transaction.usedMillis = nowMillis;
        all.put(transaction.id, transaction);
        byDeadline.add(transaction);
        touched.add(transaction.id);
        openChanged = true;
    }

    void use(Transaction transaction, long nowMillis) {
        byDeadline.remove(transaction);
        transaction.usedMillis = nowMillis;
        byDeadline.add(transaction);
        touched.add(transaction.id);
    }

    /** Undo rows of it were consumed. */
    void touch(Transaction transaction) {
        touched.add(transaction.id);
    }

    void move(Transaction transaction, Phase phase, long target) {
        byDeadline.remove(transaction);
        unfinished.remove(transaction.id);
        transaction.phase = phase;
        transaction.target = target;
        index(transaction);
        touched.add(transaction.id);
        openChanged = true;
    }

    void end(Transaction transaction) {
        all.remove(transaction.id);
        byDeadline.remove(transaction);
        unfinished.remove(transaction.id);
        touched.add(transaction.id);
        openChanged = true;
    }

    /** The open transaction to expire first, if it may be expired at this time. */
    Optional<Transaction> expired(long atMillis) {
        return byDeadline.isEmpty() || byDeadline.first().deadlineMillis() > atMillis
                ? Optional.empty()
                : Optional.of(byDeadline.first());
    }

    /** How things stand; the same object as long as no entry has changed it. */
    TransactionView view() {
        if (view == null) {
            view = new TransactionView(open(), unfinished(), nextDeadline());
        }
        return view;
    }

    private OptionalLong nextDeadline() {
        return byDeadline.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(byDeadline.first().deadlineMillis());
    }

    private Unfinished unfinished() {
        if (unfinished.isEmpty()) {
            return null;
        }
        Transaction first = unfinished.firstEntry().getValue();
        return new Unfinished(first.id, first.phase == Phase.CLEANING, first.rows);
    }

    /** The transactions whose changes only they see. */
    private OpenTransactions open() {
        if (openChanged) {
            open = OpenTransactions.of(all.values().stream()
                    .filter(t -> t.phase != Phase.CLEANING)
                    .map(t -> t.id)
                    .toList());
            openChanged = false;
        }
        return open;
    }

    /** Writes what the entry changed, by id. */
    void store(long lsn) {
        for (long id : touched) {
            Transaction transaction = all.get(id);
            if (transaction != null) {
                trees.put(Transaction.TREE, Transaction.key(id), transaction.row(), new Version(lsn, 0));
                stored.add(id);
            } else if (stored.remove(id)) {
                trees.delete(Transaction.TREE, Transaction.key(id));
            }
        }
        if (!touched.isEmpty()) {
            view = null;
            touched.clear();
        }
    }
}
