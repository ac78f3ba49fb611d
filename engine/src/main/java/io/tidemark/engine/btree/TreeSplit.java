package io.tidemark.engine.btree;

import io.tidemark.engine.buffer.Frame;
import io.tidemark.engine.page.InnerRecord;
import io.tidemark.engine.page.Keys;
import io.tidemark.engine.page.PageHeader;
import io.tidemark.engine.page.PageType;
import io.tidemark.engine.page.RedoBuffer;
import io.tidemark.engine.page.SlottedPage;
import java.nio.ByteBuffer;

/**
 * Makes room in full pages, from the leaf upwards. A page is split where its bytes, the new record counted, are halved,
 * unless records come in order: then where they come, so that what lies before them (behind them, when they descend)
 * stays full.
 *
 * <ul>
 *   <li>A record behind all others of the tree, or of its page next to the last one that came, begins a page.
 *   <li>A record before all others, likewise, gets a page of its own before them.
 *   <li>A record next to the last one that came, in the middle, ends its page: those behind it go.
 * </ul>
 *
 * <p>Applying thread only.
 */
final class TreeSplit {
    private final PageWriter writer;
    private final PageAllocator allocator;
    private final RedoBuffer separator = new RedoBuffer();
    private final RedoBuffer pointer = new RedoBuffer();

    TreeSplit(PageWriter writer, PageAllocator allocator) {
        this.writer = writer;
        this.allocator = allocator;
    }

    /** Inserts the record at {@code slot} of the page at this depth of the way, splitting as far up as it takes. */
    void insert(Descent way, int depth, int slot, RedoBuffer cell) {
        Frame page = writer.change(way.pages[depth]);
        if (SlottedPage.fits(page.page(), cell.length())) {
            writer.insert(page, slot, cell);
            return;
        }
        int last = SlottedPage.lastIn(page.page());
        boolean ascending = slot > 0 && last == slot;
        boolean descending = last == slot + 1;
        int at = depth;
        if (at == 0) {
            page = pushDown(way, page);
            at = 1;
        }
        boolean isLeaf = PageHeader.type(page.page()) == PageType.LEAF;
        if (isLeaf && slot == 0 && (descending || way.isLeftEdge(at))) {
            insertBefore(way, at, page, cell);
            return;
        }
        int keep = keep(page.page(), slot, cell.length(), ascending, way.rightEdge[at]);
        Frame right = allocator.allocate();
        byte[] key = isLeaf ? splitLeaf(page, right, slot, cell, keep) : splitInner(page, right, slot, cell, keep);
        separator.clear();
        InnerRecord.write(separator, key, right.pageId());
        insert(way, at - 1, way.children[at - 1], separator);
    }

    /** How many records stay left, counted with the new one in its place. */
    private static int keep(ByteBuffer page, int slot, int length, boolean ascending, boolean rightEdge) {
        int count = SlottedPage.count(page);
        if (slot == count && (ascending || rightEdge)) {
            return count;
        }
        if (ascending && PageHeader.type(page) == PageType.LEAF && fitsBehind(page, slot, length)) {
            return slot + 1;
        }
        return half(page, slot, length);
    }

    private static boolean fitsBehind(ByteBuffer page, int slot, int length) {
        int bytes = length + SlottedPage.SLOT_BYTES;
        for (int i = 0; i < slot; i++) {
            bytes += SlottedPage.length(page, i) + SlottedPage.SLOT_BYTES;
        }
        return slot < SlottedPage.count(page) && bytes <= SlottedPage.room(page.capacity());
    }

    /** Moves the root's contents to a new page and makes it the root's only child; roots keep their ids. */
    private Frame pushDown(Descent way, Frame root) {
        Frame child = allocator.allocate();
        int level = SlottedPage.level(root.page());
        moveContents(root, child);
        writer.format(root, PageType.INNER, level + 1);
        writer.set(root, SlottedPage.FIRST_CHILD_OFFSET, child.pageId());
        way.rootPushedDown(child.pageId());
        return child;
    }

    /** Makes {@code target} what {@code source} is; the source is left as it was. */
    void moveContents(Frame source, Frame target) {
        ByteBuffer page = source.page();
        writer.format(target, PageHeader.type(page), SlottedPage.level(page));
        if (PageHeader.type(page) == PageType.INNER) {
            setFirstChild(target, SlottedPage.firstChild(page));
        }
        writer.copy(source, 0, SlottedPage.count(page), target, 0);
    }

    /** The record gets a leaf of its own before the full one, which stays as it is. */
    private void insertBefore(Descent way, int depth, Frame full, RedoBuffer cell) {
        Frame left = allocator.allocate();
        writer.format(left, PageType.LEAF, 0);
        writer.insert(left, 0, cell);
        int child = way.children[depth - 1];
        setChild(writer.change(way.pages[depth - 1]), child, left.pageId());
        byte[] key = Keys.separator(Keys.key(left.page(), 0), Keys.key(full.page(), 0));
        separator.clear();
        InnerRecord.write(separator, key, full.pageId());
        insert(way, depth - 1, child, separator);
    }

    private byte[] splitLeaf(Frame left, Frame right, int slot, RedoBuffer cell, int keep) {
        int count = SlottedPage.count(left.page());
        writer.format(right, PageType.LEAF, 0);
        if (slot < keep) {
            writer.copy(left, keep - 1, count, right, 0);
            writer.remove(left, keep - 1, count);
            writer.insert(left, slot, cell);
        } else {
            writer.copy(left, keep, count, right, 0);
            writer.remove(left, keep, count);
            writer.insert(right, slot - keep, cell);
        }
        return Keys.separator(Keys.key(left.page(), keep - 1), Keys.key(right.page(), 0));
    }

    /** Splits so that the middle record goes up: its child becomes the right page's first. Returns its key. */
    private byte[] splitInner(Frame left, Frame right, int slot, RedoBuffer cell, int keep) {
        int count = SlottedPage.count(left.page());
        writer.format(right, PageType.INNER, SlottedPage.level(left.page()));
        if (slot == keep) {
            setFirstChild(right, InnerRecord.child(cell));
            writer.copy(left, keep, count, right, 0);
            writer.remove(left, keep, count);
            return InnerRecord.key(cell);
        }
        int middle = slot < keep ? keep - 1 : keep;
        byte[] key = Keys.key(left.page(), middle);
        setFirstChild(right, InnerRecord.child(left.page(), middle + 1));
        writer.copy(left, middle + 1, count, right, 0);
        writer.remove(left, middle, count);
        if (slot < keep) {
            writer.insert(left, slot, cell);
        } else {
            writer.insert(right, slot - keep - 1, cell);
        }
        return key;
    }

    void setFirstChild(Frame inner, long child) {
        writer.set(inner, SlottedPage.FIRST_CHILD_OFFSET, child);
    }

    /** Lets child number {@code index} of the page be another one; its separator stays. */
    void setChild(Frame inner, int index, long child) {
        if (index == 0) {
            setFirstChild(inner, child);
        } else {
            pointer.clear();
            InnerRecord.write(pointer, Keys.key(inner.page(), index - 1), child);
            writer.replace(inner, index - 1, pointer);
        }
    }

    /**
     * How many records stay left, counted with the new one in its place: the fewest that make up half of the bytes. No
     * record exceeds a third of a page, so both halves fit.
     */
    private static int half(ByteBuffer page, int slot, int length) {
        int count = SlottedPage.count(page);
        int total = length + SlottedPage.SLOT_BYTES;
        for (int i = 0; i < count; i++) {
            total += SlottedPage.length(page, i) + SlottedPage.SLOT_BYTES;
        }
        int left = 0;
        for (int i = 0; i < count; i++) {
            int record = i == slot ? length : SlottedPage.length(page, i < slot ? i : i - 1);
            left += record + SlottedPage.SLOT_BYTES;
            if (2 * left >= total) {
                return i + 1;
            }
        }
        return count;
    }
}
