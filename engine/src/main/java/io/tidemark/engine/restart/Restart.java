package io.tidemark.engine.restart;

import io.tidemark.engine.buffer.BufferPool;
import io.tidemark.engine.buffer.EntryPages;
import io.tidemark.engine.checkpoint.Position;
import io.tidemark.engine.store.CheckpointRecord;
import io.tidemark.engine.store.PageStore;
import io.tidemark.engine.wal.WriteAheadLog;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the pages from the last flush to the end of the WAL. */
public final class Restart {
    private static final Logger LOG = LoggerFactory.getLogger(Restart.class);

    private Restart() {}

    /**
     * Analyses and redoes.
     *
     * @param makeRoom called before each block: frees frames for what it changes
     * @param reached told each boundary, that of the last flush first
     */
    public static void run(
            BufferPool pool,
            PageStore store,
            WriteAheadLog wal,
            EntryPages entryPages,
            Runnable makeRoom,
            Consumer<Position> reached) {
        Analysis analysis = Analysis.of(store);
        CheckpointRecord checkpoint = analysis.checkpoint();
        Position from = Position.of(checkpoint);
        reached.accept(from);
        Redo redo = new Redo(pool, store, entryPages, from, makeRoom, reached);
        wal.recover(
                checkpoint.redoStart(),
                checkpoint.applied(),
                checkpoint.term(),
                checkpoint.chain(),
                analysis.highestPageLsn(),
                redo);
        redo.requireEnd(wal.lastLsn());
        LOG.info(
                "engine at LSN {} term {}; checkpoint of LSN {}, {} blocks redone from LSN {}",
                redo.position().applied(),
                redo.position().term(),
                checkpoint.applied(),
                redo.blocks(),
                checkpoint.redoStart());
    }
}
