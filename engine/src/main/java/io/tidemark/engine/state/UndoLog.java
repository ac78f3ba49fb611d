package io.tidemark.engine.state;

import io.tidemark.engine.Change;
import io.tidemark.engine.log.Version;
import io.tidemark.engine.page.Cell;
import io.tidemark.engine.page.LeafRecord;
import io.tidemark.engine.txn.LockTable;
import io.tidemark.engine.txn.Transaction;
import io.tidemark.engine.txn.UndoRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Writes and consumes undo rows. A row goes in the entry that does what it is for, and nothing undoes that: a crash in
 * the middle of a long rollback goes on where the rows end.
 */
final class UndoLog {
    private static final byte[] NOTHING = {};

    private final Trees trees;
    private final LockTable locks;

    UndoLog(Trees trees, LockTable locks) {
        this.trees = trees;
        this.locks = locks;
    }

    /**
     * Adds the next row.
     *
     * @param head what it is
     * @param record what the row remembers, whose large value it takes over; null when there is nothing
     * @return its sequence
     */
    long add(Transaction transaction, UndoRow head, Cell record, Version at) {
        long sequence = transaction.rows + 1;
        byte[] key = UndoRow.key(transaction.id, sequence);
        byte[] bytes = head.head();
        trees.put(UndoRow.TREE, key, row(key, bytes, record, at));
        transaction.rows = sequence;
        transaction.bytes += UndoRow.bytes(bytes.length, record);
        locks.add(head, transaction.id, sequence);
        return sequence;
    }

    private Cell row(byte[] key, byte[] head, Cell record, Version at) {
        if (record == null) {
            return trees.make(key, head, NOTHING, at);
        }
        return record.isOverflow()
                ? new Cell(LeafRecord.OVERFLOW, at, 0, 0, LeafRecord.referring(head, record.reference()))
                : trees.make(key, head, record.content(), at);
    }

    /** Takes the last row back: what it remembers is so again. */
    void undoLast(Transaction transaction) {
        byte[] key = UndoRow.key(transaction.id, transaction.rows);
        Cell row = trees.cell(UndoRow.TREE, key).orElseThrow();
        UndoRow head = UndoRow.of(row);
        transaction.bytes -= bytesOf(head, row);
        if (head.isImage()) {
            Cell now = changed(head, transaction);
            trees.free(now);
            if (head.kind() == UndoRow.Kind.ABSENT) {
                trees.take(head.keyspace(), head.key());
            } else {
                trees.put(head.keyspace(), head.key(), before(head, row, transaction.id));
            }
        }
        if (row.isOverflow() && !head.isTaken()) {
            trees.free(row);
        }
        trees.take(UndoRow.TREE, key);
        locks.remove(head, transaction.id);
        transaction.rows--;
    }

    /** The record as it was before. */
    private Cell before(UndoRow head, Cell row, long transaction) {
        byte[] content = row.isOverflow() && !head.isTaken() ? trees.overflow(row) : head.rest(row);
        int flags = (head.isTaken() ? LeafRecord.OVERFLOW : 0) | (head.wasGhost() ? LeafRecord.GHOST : 0);
        Cell before = new Cell(flags, head.version(), 0, 0, content);
        return head.isOwn() ? before.marked(transaction, head.first()) : before;
    }

    private Cell changed(UndoRow head, Transaction transaction) {
        Cell now = trees.cell(head.keyspace(), head.key()).orElseThrow();
        if (now.transaction() != transaction.id) {
            throw new IllegalStateException("a record that transaction " + transaction.id
                    + " changed is marked by transaction " + now.transaction());
        }
        return now;
    }

    /** Drops the last row of a committed transaction: what it remembers is nobody's any more. */
    void cleanLast(Transaction transaction) {
        byte[] key = UndoRow.key(transaction.id, transaction.rows);
        Cell row = trees.cell(UndoRow.TREE, key).orElseThrow();
        UndoRow head = UndoRow.of(row);
        transaction.bytes -= bytesOf(head, row);
        if (head.isImage()) {
            unmark(head, transaction.id);
        }
        trees.delete(UndoRow.TREE, key);
        transaction.rows--;
    }

    /** The record may be somebody else's by now, or gone: then it is left alone. */
    private void unmark(UndoRow head, long transaction) {
        Cell now = trees.cell(head.keyspace(), head.key()).orElse(null);
        if (now == null || now.transaction() != transaction) {
            return;
        }
        if (now.isGhost()) {
            trees.take(head.keyspace(), head.key());
        } else {
            trees.put(head.keyspace(), head.key(), now.unmarked());
        }
    }

    /** What the transaction has changed and not taken back, in order of keyspaces and keys. Reads all of its rows. */
    List<Change> changed(Transaction transaction, Version at) {
        NavigableMap<String, NavigableSet<byte[]>> keys = new TreeMap<>();
        for (long sequence = 1; sequence <= transaction.rows; sequence++) {
            UndoRow head = UndoRow.of(trees.cell(UndoRow.TREE, UndoRow.key(transaction.id, sequence))
                    .orElseThrow());
            if (head.isImage()) {
                keys.computeIfAbsent(head.keyspace(), space -> new TreeSet<>(Arrays::compareUnsigned))
                        .add(head.key());
            }
        }
        List<Change> changes = new ArrayList<>();
        keys.forEach((space, all) -> all.forEach(key -> {
            Cell now = trees.cell(space, key).orElse(null);
            changes.add(
                    now == null || now.isGhost()
                            ? Change.delete(at, space, key)
                            : Change.put(
                                    at,
                                    space,
                                    key,
                                    now.isOverflow() ? trees.overflow(now) : now.content(),
                                    now.version()));
        }));
        return changes;
    }

    private static long bytesOf(UndoRow head, Cell row) {
        int headBytes = head.head().length;
        int content = row.isOverflow() ? row.reference().length() : row.content().length - headBytes;
        return UndoRow.bytes(headBytes, null) + content;
    }

    /** Whether the row is a savepoint. */
    boolean isSavepoint(Transaction transaction, long sequence) {
        if (sequence < 1 || sequence > transaction.rows) {
            return false;
        }
        Cell row =
                trees.cell(UndoRow.TREE, UndoRow.key(transaction.id, sequence)).orElseThrow();
        return UndoRow.of(row).kind() == UndoRow.Kind.POINT;
    }
}
