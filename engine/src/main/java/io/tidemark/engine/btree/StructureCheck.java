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
import io.tidemark.engine.page.MetaPage;
import io.tidemark.engine.page.PageHeader;
import io.tidemark.engine.page.PageType;
import io.tidemark.engine.page.SlottedPage;
import io.tidemark.engine.store.ColdPageException;
import io.tidemark.engine.store.PageStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Walks a whole store and checks what must hold of it. Every page id given out belongs to exactly one tree, large value or
 * the free list; keys are in order and between the separators above them; levels, types, links and layouts fit, free space
 * and garbage to the byte, what keys share and their heads; large values have their CRC, those that undo records took over
 * too, for they hang on records of the undo tree. The caller keeps the writer away.
 *
 * <p>A page that is not on the local disk, and cannot be had, is passed over; what hangs on it alone is then not looked
 * at.
 *
 * <p>A page that is wrong is named and left; the walk goes on elsewhere. What hangs on it alone is then not reached, and
 * counted rather than named.
 */
public final class StructureCheck {
    /** Problems that are worded; of more only the number is given. */
    public static final int PROBLEMS_MAX = 100;

    private final PageSource pages;
    private final PageAllocator allocator;
    private final long lsnMax;
    private final BitSet owned = new BitSet();
    private final List<String> problems = new ArrayList<>();
    private long problemCount;
    private long leaves;
    private long innerPages;
    private long overflowPages;
    private long records;
    private long leafBytes;
    private boolean someAreCold;
    private boolean complete = true;
    private byte[] last;

    /**
     * @param trees number of trees, the catalog not counted
     * @param pages page ids given out, the meta page included
     * @param records records of all trees, the catalog's too
     * @param leafBytes bytes that records and their slots take in leaves
     * @param problems what is wrong, in words, at most {@link StructureCheck#PROBLEMS_MAX}; empty for a store in order
     * @param problemCount how many things are wrong
     */
    public record Report(
            int trees,
            long pages,
            long freePages,
            long leaves,
            long innerPages,
            long overflowPages,
            long records,
            long leafBytes,
            List<String> problems,
            long problemCount) {
        /** This, or {@code CORRUPT} with the first things that are wrong. */
        public Report requireWhole() {
            if (problemCount > 0) {
                throw new TidemarkException(
                        ErrorKind.CORRUPT,
                        String.join("; ", problems.subList(0, Math.min(3, problems.size())))
                                + (problemCount > 3 ? "; and " + (problemCount - 3) + " more" : ""));
            }
            return this;
        }
    }

    private StructureCheck(PageSource pages, PageAllocator allocator, long lsnMax) {
        this.pages = pages;
        this.allocator = allocator;
        this.lsnMax = lsnMax;
    }

    /**
     * Checks trees, values and free list.
     *
     * @param applied LSN of the last complete entry: no page may be newer
     */
    public static Report run(PageSource pages, PageAllocator allocator, Catalog catalog, long applied) {
        StructureCheck check = new StructureCheck(pages, allocator, applied);
        if (allocator.exists()) {
            check.own(MetaPage.PAGE_ID);
            check.guarded(MetaPage.PAGE_ID, check::meta);
            check.tree(allocator.catalogRoot());
            catalog.names().forEach(name -> check.tree(catalog.root(name)));
            check.guarded(MetaPage.PAGE_ID, check::freeList);
            check.nothingLost();
        }
        return check.report(catalog.names().size());
    }

    private Report report(int trees) {
        return new Report(
                trees,
                allocator.pages(),
                allocator.freePages(),
                leaves,
                innerPages,
                overflowPages,
                records,
                leafBytes,
                List.copyOf(problems),
                problemCount);
    }

    /**
     * Reads every page that has a row and is on the local disk, so that its id, LSN and CRC are checked; a page without a row
     * must be in a frame (rule P1).
     *
     * @return what is wrong, in words, at most {@link #PROBLEMS_MAX}
     */
    public static List<String> stored(BufferPool pool, PageStore store, long pageIds) {
        List<String> problems = new ArrayList<>();
        ByteBuffer scratch = ByteBuffer.allocate(pool.pageBytes());
        for (long pageId = 0; pageId < pageIds && problems.size() < PROBLEMS_MAX; pageId++) {
            try {
                // A frame may be flushed and evicted between the first two looks.
                boolean hasRow = store.contains(pageId) || (!pool.holds(pageId) && store.contains(pageId));
                if (hasRow && store.isCold(pageId)) {
                    continue;
                } else if (hasRow) {
                    store.read(pageId, scratch.clear());
                } else if (!pool.holds(pageId)) {
                    problems.add("page " + pageId + " has neither row nor frame");
                }
            } catch (TidemarkException e) {
                problems.add(e.getMessage());
            }
        }
        return problems;
    }

    private void meta() {
        Frame frame = pages.pin(MetaPage.PAGE_ID, Use.SCAN);
        try {
            ByteBuffer page = frame.page();
            require(PageHeader.type(page) == PageType.META, 0, "is no meta page");
            boolean same = MetaPage.nextId(page) == allocator.pages()
                    && MetaPage.freeHead(page) == allocator.freeHead()
                    && MetaPage.freePages(page) == allocator.freePages()
                    && MetaPage.catalogRoot(page) == allocator.catalogRoot();
            require(same, 0, "is not what the allocator knows");
        } finally {
            pages.unpin(frame);
        }
    }

    private void tree(long root) {
        last = null;
        page(root, null, null, -1);
    }

    /** @param level that the page must have, -1 for a root's */
    private void page(long pageId, byte[] lower, byte[] upper, int level) {
        boolean unreached = !guarded(pageId, () -> {
            own(pageId);
            Frame frame = pages.pin(pageId, Use.SCAN);
            try {
                page(pageId, frame.page(), lower, upper, level);
            } finally {
                pages.unpin(frame);
            }
        });
        complete &= !unreached;
    }

    private void page(long pageId, ByteBuffer page, byte[] lower, byte[] upper, int level) {
        boolean isRoot = level < 0;
        PageType type = PageHeader.type(page);
        require(PageHeader.lsn(page) <= lsnMax, pageId, "has LSN " + PageHeader.lsn(page) + " past " + lsnMax);
        require(type == PageType.LEAF || type == PageType.INNER, pageId, "of a tree has type " + type);
        require((type == PageType.LEAF) == (SlottedPage.level(page) == 0), pageId, "has a type not of its level");
        require(isRoot || SlottedPage.level(page) == level, pageId, "has level " + SlottedPage.level(page));
        require(PageHeader.next(page) == PageHeader.NO_PAGE, pageId, "of a tree links to " + PageHeader.next(page));
        SlottedPage.checkLayout(page);
        if (type == PageType.LEAF) {
            leaves++;
            leafBytes += SlottedPage.used(page);
            require(SlottedPage.firstChild(page) == PageHeader.NO_PAGE, pageId, "is a leaf with a child");
            require(isRoot || SlottedPage.count(page) > 0, pageId, "is an empty leaf");
            leaf(page, lower, upper);
        } else {
            innerPages++;
            require(!isRoot || SlottedPage.count(page) > 0, pageId, "is a root with a single child");
            inner(page, lower, upper);
        }
    }

    private void leaf(ByteBuffer page, byte[] lower, byte[] upper) {
        for (int slot = 0; slot < SlottedPage.count(page); slot++) {
            byte[] key = Keys.key(page, slot);
            between(page, key, lower, upper);
            boolean ascends = last == null || Arrays.compareUnsigned(last, key) < 0;
            require(ascends, PageHeader.id(page), "has keys out of order at slot " + slot);
            last = key;
            records++;
            if (LeafRecord.isOverflow(page, slot)) {
                LeafRecord.Reference reference = LeafRecord.reference(page, slot);
                complete &= guarded(PageHeader.id(page), () -> value(reference));
            }
        }
    }

    private void value(LeafRecord.Reference reference) {
        OverflowRun.read(pages, reference, Use.SCAN, pageId -> {
            own(pageId);
            overflowPages++;
        });
    }

    private void inner(ByteBuffer page, byte[] lower, byte[] upper) {
        int count = SlottedPage.count(page);
        for (int slot = 0; slot < count; slot++) {
            byte[] key = Keys.key(page, slot);
            between(page, key, lower, upper);
            boolean ascends = slot == 0 || Arrays.compareUnsigned(Keys.key(page, slot - 1), key) < 0;
            require(ascends, PageHeader.id(page), "has separators out of order at slot " + slot);
        }
        for (int index = 0; index <= count; index++) {
            byte[] low = index == 0 ? lower : Keys.key(page, index - 1);
            byte[] high = index == count ? upper : Keys.key(page, index);
            page(InnerRecord.child(page, index), low, high, SlottedPage.level(page) - 1);
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

    /** Where something is wrong, the pages below were not reached; they are counted only. */
    private void nothingLost() {
        long lost = 0;
        for (int id = owned.nextClearBit(0); id < allocator.pages(); id = owned.nextClearBit(id + 1)) {
            lost++;
            if (complete) {
                problem("page " + id + " belongs to nothing");
            }
        }
        if (!complete && !someAreCold && lost > 0) {
            problem(lost + " pages were not reached from whole ones: they are lost, or hang on what is named here");
        }
    }

    private void own(long pageId) {
        require(pageId >= 0 && pageId < allocator.pages(), pageId, "was never given out");
        require(!owned.get((int) pageId), pageId, "belongs to two owners");
        owned.set((int) pageId);
    }

    /** Runs the check; false when it found something and broke off. */
    private boolean guarded(long pageId, Runnable check) {
        try {
            check.run();
            return true;
        } catch (ColdPageException e) {
            someAreCold = true;
            complete = false;
        } catch (TidemarkException e) {
            problem(e.getMessage());
        } catch (IndexOutOfBoundsException e) {
            problem("page " + pageId + " leads out of its own bounds: " + e.getMessage());
        }
        return false;
    }

    private void problem(String what) {
        problemCount++;
        if (problems.size() < PROBLEMS_MAX) {
            problems.add(what);
        }
    }

    private static void require(boolean holds, long pageId, String what) {
        if (!holds) {
            throw new TidemarkException(ErrorKind.CORRUPT, "page " + pageId + " " + what);
        }
    }
}
