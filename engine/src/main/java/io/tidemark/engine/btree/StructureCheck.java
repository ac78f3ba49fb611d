package io.tidemark.engine.btree;

import io.tidemark.engine.buffer.BufferPool;
import io.tidemark.engine.buffer.Frame;
import io.tidemark.engine.buffer.PageSource;
import io.tidemark.engine.buffer.Use;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.page.InnerRecord;
import io.tidemark.engine.page.Keys;
import io.tidemark.engine.page.LeafRecord;
import io.tidemark.engine.page.PageHeader;
import io.tidemark.engine.page.PageType;
import io.tidemark.engine.page.SlottedPage;
import io.tidemark.engine.store.PageStore;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Walks a whole store and checks what must hold of it: every page id given out belongs to exactly one tree, large value
 * or the free list; keys are in order and between their separators; levels, types and layouts fit; large values have
 * their CRC. The caller keeps the writer away.
 */
public final class StructureCheck {
    private final PageSource pages;
    private final PageAllocator allocator;
    private final BitSet owned = new BitSet();
    private long records;
    private long overflowPages;
    private long lsnMax;
    private byte[] last;

    /**
     * @param trees number of trees, the catalog not counted
     * @param pages page ids given out, the meta page included
     * @param records records of all trees, the catalog's too
     */
    public record Report(int trees, long pages, long freePages, long overflowPages, long records) {}

    private StructureCheck(PageSource pages, PageAllocator allocator, long lsnMax) {
        this.pages = pages;
        this.allocator = allocator;
        this.lsnMax = lsnMax;
    }

    /**
     * Checks the store; {@code CORRUPT} names the page and what is wrong with it.
     *
     * @param applied LSN of the last complete entry: no page may be newer
     */
    public static Report run(PageSource pages, PageAllocator allocator, Catalog catalog, long applied) {
        if (!allocator.exists()) {
            return new Report(0, 0, 0, 0, 0);
        }
        StructureCheck check = new StructureCheck(pages, allocator, applied);
        check.own(0);
        check.tree(allocator.catalogRoot());
        for (String name : catalog.names()) {
            check.tree(catalog.root(name));
        }
        check.freeList();
        int unowned = check.owned.nextClearBit(0);
        require(unowned >= allocator.pages(), unowned, "belongs to nothing");
        return new Report(
                catalog.names().size(), allocator.pages(), allocator.freePages(), check.overflowPages, check.records);
    }

    /**
     * Reads every page that has a row, so that its id, LSN and CRC are checked; a page without one must be in a frame
     * (rule P1).
     */
    public static void stored(BufferPool pool, PageStore store, long pageIds) {
        ByteBuffer scratch = ByteBuffer.allocate(pool.pageBytes());
        for (long pageId = 0; pageId < pageIds; pageId++) {
            // A frame may be flushed and evicted between the first two looks.
            boolean hasRow = store.contains(pageId) || (!pool.holds(pageId) && store.contains(pageId));
            if (hasRow) {
                store.read(pageId, scratch.clear());
            } else {
                require(pool.holds(pageId), pageId, "has neither row nor frame");
            }
        }
    }

    private void tree(long root) {
        last = null;
        page(root, null, null, -1, true);
    }

    private void page(long pageId, byte[] lower, byte[] upper, int level, boolean isRoot) {
        own(pageId);
        Frame frame = pages.pin(pageId, Use.SCAN);
        try {
            ByteBuffer page = frame.page();
            PageType type = PageHeader.type(page);
            require(PageHeader.lsn(page) <= lsnMax, pageId, "has LSN " + PageHeader.lsn(page) + " past " + lsnMax);
            require(type == PageType.LEAF || type == PageType.INNER, pageId, "of a tree has type " + type);
            require((type == PageType.LEAF) == (SlottedPage.level(page) == 0), pageId, "has a type not of its level");
            require(isRoot || SlottedPage.level(page) == level, pageId, "has level " + SlottedPage.level(page));
            SlottedPage.checkLayout(page);
            if (type == PageType.LEAF) {
                require(isRoot || SlottedPage.count(page) > 0, pageId, "is an empty leaf");
                leaf(page, lower, upper);
            } else {
                require(!isRoot || SlottedPage.count(page) > 0, pageId, "is a root with a single child");
                inner(page, lower, upper);
            }
        } finally {
            pages.unpin(frame);
        }
    }

    private void leaf(ByteBuffer page, byte[] lower, byte[] upper) {
        for (int slot = 0; slot < SlottedPage.count(page); slot++) {
            byte[] key = Keys.key(page, slot);
            between(page, key, lower, upper);
            require(
                    last == null || Arrays.compareUnsigned(last, key) < 0,
                    PageHeader.id(page),
                    "has keys out of order");
            last = key;
            records++;
            if (LeafRecord.isOverflow(page, slot)) {
                OverflowRun.read(pages, LeafRecord.reference(page, slot), Use.SCAN, pageId -> {
                    own(pageId);
                    overflowPages++;
                });
            }
        }
    }

    private void inner(ByteBuffer page, byte[] lower, byte[] upper) {
        int count = SlottedPage.count(page);
        byte[] low = lower;
        for (int index = 0; index <= count; index++) {
            byte[] high = index == count ? upper : Keys.key(page, index);
            if (index < count) {
                between(page, high, low, upper);
            }
            page(InnerRecord.child(page, index), low, high, SlottedPage.level(page) - 1, false);
            low = high;
        }
    }

    private static void between(ByteBuffer page, byte[] key, byte[] lower, byte[] upper) {
        boolean above = lower == null || Arrays.compareUnsigned(key, lower) >= 0;
        boolean below = upper == null || Arrays.compareUnsigned(key, upper) < 0;
        require(above && below, PageHeader.id(page), "has a key outside its separators");
    }

    private void freeList() {
        long free = 0;
        long pageId = allocator.freeHead();
        while (pageId != PageHeader.NO_PAGE) {
            own(pageId);
            free++;
            Frame frame = pages.pin(pageId, Use.SCAN);
            pageId = PageHeader.next(frame.page());
            pages.unpin(frame);
        }
        require(free == allocator.freePages(), 0, "counts " + allocator.freePages() + " free pages, not " + free);
    }

    private void own(long pageId) {
        require(pageId >= 0 && pageId < allocator.pages(), pageId, "was never given out");
        require(!owned.get((int) pageId), pageId, "belongs to two owners");
        owned.set((int) pageId);
    }

    private static void require(boolean holds, long pageId, String what) {
        if (!holds) {
            throw new TidemarkException(ErrorKind.CORRUPT, "page " + pageId + " " + what);
        }
    }
}
