package io.tidemark.engine.btree;

import io.tidemark.engine.buffer.Frame;
import io.tidemark.engine.buffer.PageSource;
import io.tidemark.engine.buffer.Use;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.page.MetaPage;
import io.tidemark.engine.page.PageHeader;
import io.tidemark.engine.page.PageType;
import java.nio.ByteBuffer;

/**
 * Gives out page ids: the page freed last first, then the lowest never used. A freed page may be given out by the very
 * next command, whatever readers exist (rule P6). Free pages are linked through their headers, and a run of pages that is
 * already linked is freed by changing its last page only.
 *
 * <p>The meta page is written once per entry, by {@link #store}. Applying thread only.
 */
public final class PageAllocator {
    private final PageWriter writer;
    private final int maxEntryPages;
    private boolean exists;
    private boolean changed;
    private long nextId;
    private long freeHead;
    private long freePages;
    private long catalogRoot;

    public PageAllocator(PageWriter writer, int maxEntryPages) {
        this.writer = writer;
        this.maxEntryPages = maxEntryPages;
    }

    /** Reads the meta page of a store that has one, and checks that it was made with these options. */
    public void load(PageSource pages) {
        Frame frame = pages.pin(MetaPage.PAGE_ID, Use.POINT);
        try {
            ByteBuffer page = frame.page();
            requireSame("page size", MetaPage.pageBytes(page), writer.pageBytes());
            requireSame("max-entry-pages", MetaPage.maxEntryPages(page), maxEntryPages);
            nextId = MetaPage.nextId(page);
            freeHead = MetaPage.freeHead(page);
            freePages = MetaPage.freePages(page);
            catalogRoot = MetaPage.catalogRoot(page);
            exists = true;
        } finally {
            pages.unpin(frame);
        }
    }

    private static void requireSame(String what, int stored, int option) {
        if (stored != option) {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    "the store was made with " + what + " " + stored + " and cannot be opened with " + option);
        }
    }

    /** Whether the store has pages at all; the first tree makes them. */
    public boolean exists() {
        return exists;
    }

    /** Root of the catalog; only of a store that {@link #exists}. */
    public long catalogRoot() {
        return catalogRoot;
    }

    /** Pages ever given out, the meta page included. */
    public long pages() {
        return nextId;
    }

    public long freePages() {
        return freePages;
    }

    /** The page to be given out next, {@link PageHeader#NO_PAGE} when none is free. */
    long freeHead() {
        return freeHead;
    }

    /** Makes the meta page and the catalog's root. */
    void create() {
        Frame meta = writer.create(MetaPage.PAGE_ID);
        writer.format(meta, PageType.META, 0);
        writer.set(meta, MetaPage.CONSTANTS_OFFSET, MetaPage.constants(writer.pageBytes(), maxEntryPages));
        exists = true;
        nextId = MetaPage.PAGE_ID + 1;
        Frame root = allocate();
        writer.format(root, PageType.LEAF, 0);
        catalogRoot = root.pageId();
        writer.set(meta, MetaPage.CATALOG_OFFSET, catalogRoot);
    }

    /** A page held by the entry, to be formatted next. */
    Frame allocate() {
        changed = true;
        if (freeHead == PageHeader.NO_PAGE) {
            return writer.create(nextId++);
        }
        Frame frame = writer.change(freeHead);
        freeHead = PageHeader.next(frame.page());
        freePages--;
        return frame;
    }

    void free(long pageId) {
        freeRun(pageId, pageId, 1);
    }

    /** Frees pages {@code first .. last}, linked in this order. */
    void freeRun(long first, long last, int pages) {
        changed = true;
        writer.set(writer.change(last), PageHeader.NEXT_OFFSET, freeHead);
        freeHead = first;
        freePages += pages;
    }

    /** Writes what this entry changed; called once, at its end. */
    public void store() {
        if (!changed) {
            return;
        }
        changed = false;
        Frame frame = writer.change(MetaPage.PAGE_ID);
        store(frame, MetaPage.NEXT_ID_OFFSET, nextId);
        store(frame, MetaPage.FREE_HEAD_OFFSET, freeHead);
        store(frame, MetaPage.FREE_PAGES_OFFSET, freePages);
    }

    private void store(Frame frame, int offset, long value) {
        if (frame.page().getLong(offset) != value) {
            writer.set(frame, offset, value);
        }
    }
}
