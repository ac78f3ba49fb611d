package io.tidemark.raft;

import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.store.ColdPages;
import io.tidemark.engine.store.PageImage;
import io.tidemark.engine.store.PageTable.Row;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The place of cold pages, for a node that cannot have them at once, or at times.
 *
 * @param before what comes before each fetch: it waits, or throws
 */
record LatePages(ColdPages real, Runnable before) implements ColdPages {
    /** @param kind of the refusal: NOT_FOUND if they were given up */
    static LatePages refused(ColdPages real, BooleanSupplier isLate, ErrorKind kind) {
        return new LatePages(real, () -> {
            if (isLate.getAsBoolean()) {
                throw new TidemarkException(kind, "what this node knows cannot be had");
            }
        });
    }

    @Override
    public List<PageImage> fetch(Checkpoint at, List<Row> rows) {
        before.run();
        return real.fetch(at, rows);
    }

    @Override
    public List<PageImage> fetchWith(Checkpoint at, Row row, List<Row> beside) {
        before.run();
        return real.fetchWith(at, row, beside);
    }

    @Override
    public List<Row> listed(Checkpoint at, List<Row> rows) {
        return real.listed(at, rows);
    }
}
