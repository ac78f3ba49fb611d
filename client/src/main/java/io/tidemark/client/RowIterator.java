package io.tidemark.client;

import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Walks a range page by page, one page ahead. Not thread-safe. */
final class RowIterator implements Iterator<Row> {
    private final Function<ScanRange, CompletableFuture<ScanPage>> fetch;
    private final ScanRange range;
    private CompletableFuture<ScanPage> coming;
    private Iterator<Row> page = Collections.emptyIterator();

    RowIterator(Function<ScanRange, CompletableFuture<ScanPage>> fetch, ScanRange range) {
        this.fetch = fetch;
        this.range = range;
        this.coming = fetch.apply(range);
    }

    @Override
    public boolean hasNext() {
        while (!page.hasNext() && coming != null) {
            ScanPage here = TidemarkClient.await(coming);
            page = here.rows().iterator();
            coming = here.next() == null ? null : fetch.apply(range.startingAt(here.next()));
        }
        return page.hasNext();
    }

    @Override
    public Row next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the range is exhausted");
        }
        return page.next();
    }
}
