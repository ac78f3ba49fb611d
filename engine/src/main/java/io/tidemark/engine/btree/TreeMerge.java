package io.tidemark.engine.btree;

import io.tidemark.engine.buffer.Frame;
import io.tidemark.engine.buffer.PageSource;
import io.tidemark.engine.buffer.Use;
import io.tidemark.engine.page.InnerRecord;
import io.tidemark.engine.page.Keys;
import io.tidemark.engine.page.PageHeader;
import io.tidemark.engine.page.PageType;
import io.tidemark.engine.page.RedoBuffer;
import io.tidemark.engine.page.SlottedPage;
import java.nio.ByteBuffer;

/**
 * Joins pages that removals have left small. A page less than a quarter full moves into the sibling before it, or else
 * the one behind it, when both fit one page; otherwise it stays as it is, and nothing is borrowed. A quarter, because a page
 * comes half full from a split that moves records, so that a quarter of a page of them must go before they are moved
 * again; with a half as the bound, a record that comes and goes could move half a page each time. It is the small page
 * that is moved: a merge writes less than a quarter of a page to the WAL.
 *
 * <p>Applying thread only. While it looks it pins two pages.
 */
final class TreeMerge {
    private static final int SMALL = 4;
    private static final int NONE = -1;

    private final PageSource pages;
    private final PageWriter writer;
    private final PageAllocator allocator;
    private final TreeSplit split;
    private final RedoBuffer cell = new RedoBuffer();

    TreeMerge(PageSource pages, PageWriter writer, PageAllocator allocator, TreeSplit split) {
        this.pages = pages;
        this.writer = writer;
        this.allocator = allocator;
        this.split = split;
    }

    /** After removals from the leaf at the end of the way: joins it if it is small, then what that makes small. */
    void afterRemoval(Descent way) {
        int depth = way.depth;
        int changed = depth;
        while (depth > 0 && isSmall(way.pages[depth])) {
            changed = join(way, depth);
            if (changed == depth) {
                return;
            }
            depth = changed;
        }
        if (changed == 0) {
            collapse(way.pages[0]);
        }
    }

    /** As above after removals anywhere along the way: looks at every page of it. */
    void afterRemovals(Descent way) {
        int depth = way.depth;
        while (depth > 0) {
            int changed = isSmall(way.pages[depth]) ? join(way, depth) : depth;
            depth = Math.min(changed, depth - 1);
        }
        collapse(way.pages[0]);
    }

    private boolean isSmall(long pageId) {
        Frame frame = pages.pin(pageId, Use.POINT);
        try {
            return SlottedPage.used(frame.page())
                    < SlottedPage.room(frame.page().capacity()) / SMALL;
        } finally {
            pages.unpin(frame);
        }
    }

    /** Joins the page at this depth with a sibling; returns the depth of the page that lost a child, or its own. */
    private int join(Descent way, int depth) {
        int index = way.children[depth - 1];
        int sibling = sibling(way, depth);
        if (sibling == NONE) {
            return isEmpty(way.pages[depth]) ? removeAlone(way, depth) : depth;
        }
        Frame small = writer.change(way.pages[depth]);
        Frame parent = writer.change(way.pages[depth - 1]);
        Frame target = writer.change(InnerRecord.child(parent.page(), sibling));
        if (sibling < index) {
            appendTo(target, small, parent, sibling);
        } else {
            prependTo(target, small, parent, index);
        }
        allocator.free(small.pageId());
        return depth - 1;
    }

    /** Which child of its parent takes the page in: the one before it or the one behind it, or {@link #NONE}. */
    private int sibling(Descent way, int depth) {
        int index = way.children[depth - 1];
        Frame parent = pages.pin(way.pages[depth - 1], Use.POINT);
        try {
            ByteBuffer page = parent.page();
            if (index > 0 && fits(way.pages[depth], page, index - 1, index - 1)) {
                return index - 1;
            }
            boolean behind = index < SlottedPage.count(page) && fits(way.pages[depth], page, index + 1, index);
            return behind ? index + 1 : NONE;
        } finally {
            pages.unpin(parent);
        }
    }

    /** Whether the page fits into that child of its parent, which the record in {@code between} separates it from. */
    private boolean fits(long smallId, ByteBuffer parent, int sibling, int between) {
        Frame small = pages.pin(smallId, Use.POINT);
        int bytes = SlottedPage.used(small.page());
        if (PageHeader.type(small.page()) == PageType.INNER) {
            bytes += SlottedPage.length(parent, between) + SlottedPage.SLOT_BYTES;
        }
        pages.unpin(small);
        Frame target = pages.pin(InnerRecord.child(parent, sibling), Use.POINT);
        boolean fits = SlottedPage.free(target.page()) >= bytes;
        pages.unpin(target);
        return fits;
    }

    /** Whether the page is a leaf without records; inner pages have a child at least. */
    private boolean isEmpty(long pageId) {
        Frame frame = pages.pin(pageId, Use.POINT);
        boolean empty = PageHeader.type(frame.page()) == PageType.LEAF && SlottedPage.count(frame.page()) == 0;
        pages.unpin(frame);
        return empty;
    }

    /** Moves the page behind the records of its sibling; the record in {@code between} leads to it. */
    private void appendTo(Frame target, Frame small, Frame parent, int between) {
        if (PageHeader.type(small.page()) == PageType.INNER) {
            separator(parent, between, SlottedPage.firstChild(small.page()));
            writer.insert(target, SlottedPage.count(target.page()), cell);
        }
        writer.copy(small, 0, SlottedPage.count(small.page()), target, SlottedPage.count(target.page()));
        writer.delete(parent, between);
    }

    /** Moves the page before the records of its sibling; the record in {@code between} leads to that. */
    private void prependTo(Frame target, Frame small, Frame parent, int between) {
        if (PageHeader.type(small.page()) == PageType.INNER) {
            separator(parent, between, SlottedPage.firstChild(target.page()));
            writer.insert(target, 0, cell);
            split.setFirstChild(target, SlottedPage.firstChild(small.page()));
        }
        writer.copy(small, 0, SlottedPage.count(small.page()), target, 0);
        split.setChild(parent, between, target.pageId());
        writer.delete(parent, between);
    }

    private void separator(Frame parent, int slot, long child) {
        cell.clear();
        InnerRecord.write(cell, Keys.key(parent.page(), slot), child);
    }

    /** Frees an empty leaf without siblings, and the pages above it that hold nothing else. */
    private int removeAlone(Descent way, int depth) {
        allocator.free(way.pages[depth]);
        int above = depth - 1;
        Frame parent = writer.change(way.pages[above]);
        while (above > 0 && SlottedPage.count(parent.page()) == 0) {
            allocator.free(parent.pageId());
            parent = writer.change(way.pages[--above]);
        }
        if (SlottedPage.count(parent.page()) == 0) {
            writer.format(parent, PageType.LEAF, 0);
        } else {
            removeChildren(parent, way.children[above], way.children[above] + 1);
        }
        return above;
    }

    /** Takes children {@code from..to-1} out of a page that keeps others. */
    void removeChildren(Frame inner, int from, int to) {
        if (from == 0) {
            split.setFirstChild(inner, InnerRecord.child(inner.page(), to));
            writer.remove(inner, 0, to);
        } else {
            writer.remove(inner, from - 1, to - 1);
        }
    }

    /** A root with a single child takes over that child's contents. */
    private void collapse(long rootId) {
        if (!isSmall(rootId)) {
            return;
        }
        Frame root = writer.change(rootId);
        while (PageHeader.type(root.page()) == PageType.INNER && SlottedPage.count(root.page()) == 0) {
            Frame child = writer.change(SlottedPage.firstChild(root.page()));
            split.moveContents(child, root);
            allocator.free(child.pageId());
        }
    }
}
