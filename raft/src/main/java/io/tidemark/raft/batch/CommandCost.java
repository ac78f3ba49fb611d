package io.tidemark.raft.batch;

import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Operation.Put;

/** Estimates how many pages a command changes, from above for all but the rarest splits (rule E2). */
final class CommandCost {
    /** A leaf, the half it may be split into, and their parent. */
    private static final int TREE_PAGES = 3;

    private final int pageBytes;

    CommandCost(int pageBytes) {
        this.pageBytes = pageBytes;
    }

    int pages(Command command) {
        int pages = TREE_PAGES + (command.session() == null ? 0 : TREE_PAGES);
        if (command.operation() instanceof Put put && put.value().length > pageBytes / 4) {
            pages += 1 + put.value().length / (pageBytes - pageBytes / 16);
        }
        return pages;
    }
}
