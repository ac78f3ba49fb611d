package io.tidemark.engine.txn;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Version;
import io.tidemark.engine.page.Cell;
import java.util.Optional;

/**
 * What a reader sees of records that transactions have marked (rule T1): its own transaction's changes as they are, those
 * of a transaction that is open in its state as they were before, all others as they are. For one state, of which
 * everything that it is given must be.
 */
public final class Visibility {
    /** The trees of the reader's state. */
    public interface Undo {
        /** The row of this key in {@link UndoRow#TREE}. */
        Optional<Cell> row(byte[] key);

        /** The value of a cell that owns pages. */
        byte[] overflow(Cell cell);
    }

    /** A record as it is seen. */
    public record Seen(byte[] value, Version version) {}

    private final OpenTransactions open;
    private final long own;
    private final Undo undo;

    /**
     * @param open the transactions open in the reader's state
     * @param own the reader's own transaction, 0 for none
     */
    public Visibility(OpenTransactions open, long own, Undo undo) {
        this.open = open;
        this.own = own;
        this.undo = undo;
    }

    /** Whether the record is seen as it is stored, when it is no ghost. */
    public boolean seesAsStored(long transaction) {
        return transaction == own || !open.isOpen(transaction);
    }

    /** What was before the open transaction that marked a record; empty when there was nothing. */
    public Optional<Seen> before(long transaction, long sequence) {
        Cell row = undo.row(UndoRow.key(transaction, sequence)).orElseThrow(() -> missing(transaction, sequence));
        UndoRow head = UndoRow.of(row);
        return switch (head.kind()) {
            case WAS -> Optional.of(new Seen(row.isOverflow() ? undo.overflow(row) : head.rest(row), head.version()));
            case ABSENT -> Optional.empty();
            default -> throw missing(transaction, sequence);
        };
    }

    private static TidemarkException missing(long transaction, long sequence) {
        return new TidemarkException(
                ErrorKind.CORRUPT,
                "a record changed by open transaction " + transaction + " has no before-image " + sequence
                        + "; rebuild the store from a good copy");
    }
}
