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
 * Makes room in full pages, from the leaf upwards. A page is split where its bytes, the new record counted, are halved;
 * behind the last key of the tree the new record goes to a page of its own and the left page stays full, so that keys in
 * ascending order fill pages. Applying thread only.
 */
final class TreeSplit {
    private final PageWriter writer;
    private final PageAllocator allocator;
    private final RedoBuffer separator = new RedoBuffer();

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
        int at = depth;
        if (at == 0) {
            page = pushDown(way, page);
            at = 1;
        }
        boolean behindAll = way.rightEdge[at] && slot == SlottedPage.count(page.page());
        Frame right = allocator.allocate();
        byte[] key = PageHeader.type(page.page()) == PageType.LEAF
                ? splitLeaf(page, right, slot, cell, behindAll)
                : splitInner(page, right, slot, cell, behindAll);
        separator.clear();
        InnerRecord.write(separator, key, right.pageId());
        insert(way, at - 1, way.children[at - 1], separator);
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
            writer.set(target, SlottedPage.FIRST_CHILD_OFFSET, SlottedPage.firstChild(page));
        }
        writer.copy(source, 0, SlottedPage.count(page), target);
    }

    private byte[] splitLeaf(Frame left, Frame right, int slot, RedoBuffer cell, boolean behindAll) {
        int count = SlottedPage.count(left.page());
        int keep = behindAll ? count : half(left.page(), slot, cell.length());
        writer.format(right, PageType.LEAF, 0);
        if (slot < keep) {
            writer.copy(left, keep - 1, count, right);
            writer.truncate(left, keep - 1);
            writer.insert(left, slot, cell);
        } else {
            writer.copy(left, keep, count, right);
            writer.truncate(left, keep);
            writer.insert(right, slot - keep, cell);
        }
        return Keys.separator(Keys.key(left.page(), keep - 1), Keys.key(right.page(), 0));
    }

    /** Splits so that the middle record goes up: its child becomes the right page's first. Returns its key. */
    private byte[] splitInner(Frame left, Frame right, int slot, RedoBuffer cell, boolean behindAll) {
        int count = SlottedPage.count(left.page());
        int up = behindAll ? count : half(left.page(), slot, cell.length());
        writer.format(right, PageType.INNER, SlottedPage.level(left.page()));
        if (slot == up) {
            setFirstChild(right, InnerRecord.child(cell));
            writer.copy(left, up, count, right);
            writer.truncate(left, up);
            return InnerRecord.key(cell);
        }
        int middle = slot < up ? up - 1 : up;
        byte[] key = Keys.key(left.page(), middle);
        setFirstChild(right, InnerRecord.child(left.page(), middle + 1));
        writer.copy(left, middle + 1, count, right);
        writer.truncate(left, middle);
        if (slot < up) {
            writer.insert(left, slot, cell);
        } else {
            writer.insert(right, slot - up - 1, cell);
        }
        return key;
    }

    private void setFirstChild(Frame frame, long child) {
        writer.set(frame, SlottedPage.FIRST_CHILD_OFFSET, child);
    }

    /**
     * How many records stay left, counted with the new one in its place: the fewest that make up half of the bytes. No
     * record exceeds a quarter of a page, so both halves fit.
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
