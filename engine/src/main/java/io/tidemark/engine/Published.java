package io.tidemark.engine;

import io.tidemark.engine.StorageEngine.State;
import io.tidemark.engine.btree.Catalog;
import io.tidemark.engine.checkpoint.Position;
import io.tidemark.engine.txn.OpenTransactions;

/**
 * Everything that readers see of one entry boundary beside the pages, set in one step (rule E5). Immutable.
 *
 * @param position of the last complete entry
 * @param catalog the trees at that LSN
 * @param openTransactions those whose changes only they see at that LSN (rule T1)
 * @param pageIds page ids given out: valid ids lie below
 */
record Published(Position position, Catalog catalog, State state, OpenTransactions openTransactions, long pageIds) {
    long lsn() {
        return position.applied();
    }
}
