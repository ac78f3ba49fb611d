package io.tidemark.engine.txn;

import io.tidemark.engine.log.Operation;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the log's owner and readers know of transactions at one LSN. Immutable.
 *
 * @param open whose changes are not everybody's
 * @param unfinished the first transaction with undo rows that nobody has consumed yet; null when there is none
 * @param nextDeadlineMillis time of the log's clock at which the first open transaction may be expired
 */
public record TransactionView(OpenTransactions open, Unfinished unfinished, OptionalLong nextDeadlineMillis) {
    public static final TransactionView NONE = new TransactionView(OpenTransactions.NONE, null, OptionalLong.empty());

    /**
     * A transaction that waits for slices.
     *
     * @param committed whether it is to be cleaned up rather than rolled back
     * @param from its last undo row
     */
    public record Unfinished(long transaction, boolean committed, long from) {}

    /** The slice of the first unfinished transaction that the log's owner should propose next, of that many rows. */
    public Optional<Operation> work(int rows) {
        if (unfinished == null) {
            return Optional.empty();
        }
        return Optional.of(
                unfinished.committed()
                        ? new Operation.CleanSlice(unfinished.transaction(), unfinished.from(), rows)
                        : new Operation.RollbackSlice(unfinished.transaction(), unfinished.from(), rows));
    }
}
