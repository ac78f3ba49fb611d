package io.tidemark.recovery;

import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.engine.store.ColdPages;
import io.tidemark.engine.store.PageImage;
import io.tidemark.engine.store.PageTable;
import java.util.List;

/** Pages for a store that is made for one purpose and thrown away when it cannot be: nothing waits for S3 for ever. */
public record ScratchPages(ColdPages source) implements ColdPages {
    @Override
    public boolean isAwaited() {
        return false;
    }

    @Override
    public List<PageImage> fetch(Checkpoint at, List<PageTable.Row> rows) {
        return source.fetch(at, rows);
    }

    @Override
    public List<PageImage> fetchWith(Checkpoint at, PageTable.Row row, List<PageTable.Row> beside) {
        return source.fetchWith(at, row, beside);
    }

    @Override
    public List<PageTable.Row> listed(Checkpoint at, List<PageTable.Row> rows) {
        return source.listed(at, rows);
    }
}
