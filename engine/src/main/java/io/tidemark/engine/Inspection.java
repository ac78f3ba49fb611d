package io.tidemark.engine;

import io.tidemark.engine.btree.PageAllocator;
import io.tidemark.engine.btree.StructureCheck;
import io.tidemark.engine.buffer.BufferPool;
import io.tidemark.engine.buffer.EntryPages;
import io.tidemark.engine.buffer.Frame;
import io.tidemark.engine.buffer.Use;
import io.tidemark.engine.store.PageStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Looks at a store page by page, as the writer sees it; between two entries. */
final class Inspection {
    private final BufferPool pool;
    private final PageStore store;
    private final EntryPages pages;
    private final PageAllocator allocator;

    Inspection(BufferPool pool, PageStore store, EntryPages pages, PageAllocator allocator) {
        this.pool = pool;
        this.store = store;
        this.pages = pages;
        this.allocator = allocator;
    }

    /** Walks every page of the trees of this boundary and says what is wrong. */
    StructureCheck.Report structure(Published boundary) {
        return StructureCheck.run(pages, allocator, boundary.catalog(), boundary.lsn());
    }

    /**
     * Reads every stored page; what is wrong.
     *
     * @param quiet no flush is under way, so that slots in use can be compared with pages too
     */
    List<String> stored(boolean quiet) {
        List<String> problems = new ArrayList<>(StructureCheck.stored(pool, store, allocator.pages()));
        if (quiet && store.slotsInUse() != store.localPages()) {
            problems.add(
                    store.slotsInUse() + " slots of the page file are in use for " + store.localPages() + " pages");
        }
        return problems;
    }

    /** A copy of a page as the reader sees it. */
    static ByteBuffer page(ReadPlace place, long pageId) {
        Frame frame = place.pages.pin(pageId, Use.SCAN);
        try {
            int pageBytes = place.pages.pageBytes();
            return ByteBuffer.allocate(pageBytes).put(0, frame.page(), 0, pageBytes);
        } finally {
            place.pages.unpin(frame);
        }
    }
}
