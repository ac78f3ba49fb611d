package io.tidemark.engine;

import io.tidemark.engine.StorageEngine.State;
import io.tidemark.engine.btree.Catalog;
import io.tidemark.engine.checkpoint.Position;
import io.tidemark.engine.txn.TransactionView;
import java.util.OptionalLong;

/**
 * Everything that readers see of one entry boundary beside the pages, set in one step (rule E5). Immutable.
 *
 * @param position of the last complete entry
 * @param catalog the trees at that LSN
 * @param transactions those that are open at that LSN, and what is left of others (rule T1)
 * @param sessionUsedMillis time of the log's clock at which the session idle longest was used; empty for no session
 * @param pageIds page ids given out: valid ids lie below
 */
record Published(
        Position position,
        Catalog catalog,
        State state,
        TransactionView transactions,
        OptionalLong sessionUsedMillis,
        long pageIds) {
    long lsn() {
        return position.applied();
    }
}
