package io.tidemark.engine.btree;

import io.tidemark.engine.buffer.Frame;
import io.tidemark.engine.buffer.PageSource;
import io.tidemark.engine.buffer.Use;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.page.InnerRecord;
import io.tidemark.engine.page.Keys;
import io.tidemark.engine.page.LeafRecord;
import io.tidemark.engine.page.PageHeader;
import io.tidemark.engine.page.PageType;
import io.tidemark.engine.page.SlottedPage;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Removes all records of a range without touching them one by one: pages that lie inside go back to the allocator as they
 * are, with the large values of their records; of the leaves at both ends the records inside are cut out in one piece. A
 * leaf is looked at for large values only, by the flags of its records.
 *
 * <p>It changes no more pages than it is told (rule E2): before each leaf, and each large value, it looks how many the
 * entry holds, and stops there when the next could be one too many. What it has removed until then is whole: the tree is
 * in order, and the rest of the range is for a later entry. Applying thread only.
 */
final class RangeDelete {
    /** Kept back for the pages at both ends: on each of 6 levels one and its sibling. Deeper trees take the entry's overhead. */
    static final int EDGE_PAGES = 24;

    private final PageSource pages;
    private final PageWriter writer;
    private final PageAllocator allocator;
    private final TreeMerge merge;
    private final Descent way = new Descent();

    private byte[] from;
    private byte[] to;
    private int pagesMax;

    /** Where it stopped; null while it goes on. */
    private byte[] stopped;

    RangeDelete(PageSource pages, PageWriter writer, PageAllocator allocator, TreeMerge merge) {
        this.pages = pages;
        this.writer = writer;
        this.allocator = allocator;
        this.merge = merge;
    }

    /**
     * Removes {@code low <= key < high}.
     *
     * @param low null for the first key
     * @param high null for past the last
     * @param budget pages that may be changed, {@link Operation.DeleteRange#PAGES_MIN} at least
     * @return where to go on, or null when the whole range is gone
     */
    byte[] delete(long root, byte[] low, byte[] high, int budget) {
        from = low == null ? new byte[0] : low;
        to = high;
        pagesMax = writer.heldPages() + budget - EDGE_PAGES;
        stopped = null;
        if (to != null && Arrays.compareUnsigned(from, to) >= 0) {
            return null;
        }
        prune(root, null, null, true);
        settle(root, from);
        byte[] end = stopped == null ? to : stopped;
        if (end != null) {
            settle(root, end);
        }
        return stopped;
    }

    /** Joins what has become small on the way to the key. */
    private void settle(long root, byte[] key) {
        way.to(pages, root, key, Use.POINT);
        way.end(pages);
        merge.afterRemovals(way);
    }

    /** Removes the range from the page and all below; true when nothing is left there: the caller frees the page. */
    private boolean prune(long pageId, byte[] lower, byte[] upper, boolean isRoot) {
        Frame frame = pages.pin(pageId, Use.SCAN);
        PageType type = PageHeader.type(frame.page());
        int first = type == PageType.LEAF ? 0 : Keys.childIndex(frame.page(), from);
        pages.unpin(frame);
        return type == PageType.LEAF
                ? pruneLeaf(pageId, lower, isRoot)
                : pruneInner(pageId, first, lower, upper, isRoot);
    }

    private boolean pruneInner(long pageId, int first, byte[] lower, byte[] upper, boolean isRoot) {
        int gone = 0;
        int firstGone = first;
        Child child = child(pageId, first, lower, upper);
        while (child != null && stopped == null) {
            if (prune(child.id, child.lower, child.upper, false)) {
                allocator.free(child.id);
                gone++;
            } else if (gone == 0) {
                firstGone = child.index + 1;
            }
            child = child.isLast ? null : child(pageId, child.index + 1, lower, upper);
        }
        if (gone == 0) {
            return false;
        }
        Frame inner = writer.change(pageId);
        if (gone <= SlottedPage.count(inner.page())) {
            merge.removeChildren(inner, firstGone, firstGone + gone);
            return false;
        }
        if (isRoot) {
            writer.format(inner, PageType.LEAF, 0);
        }
        return true;
    }

    /** A child of an inner page and the separators around it. */
    private record Child(int index, long id, byte[] lower, byte[] upper, boolean isLast) {}

    /** That child, or null when all its keys are past the range. */
    private Child child(long pageId, int index, byte[] lower, byte[] upper) {
        Frame frame = pages.pin(pageId, Use.POINT);
        try {
            ByteBuffer page = frame.page();
            boolean isLast = index == SlottedPage.count(page);
            byte[] low = index == 0 ? lower : Keys.key(page, index - 1);
            if (low != null && to != null && Arrays.compareUnsigned(low, to) >= 0) {
                return null;
            }
            return new Child(
                    index, InnerRecord.child(page, index), low, isLast ? upper : Keys.key(page, index), isLast);
        } finally {
            pages.unpin(frame);
        }
    }

    private boolean pruneLeaf(long pageId, byte[] lower, boolean isRoot) {
        if (writer.heldPages() >= pagesMax) {
            stopped = lower == null || Arrays.compareUnsigned(lower, from) < 0 ? from : lower;
            return false;
        }
        Frame frame = pages.pin(pageId, Use.SCAN);
        try {
            ByteBuffer page = frame.page();
            int begin = slot(page, from);
            int end = freeValues(page, begin, to == null ? SlottedPage.count(page) : slot(page, to));
            boolean empties = begin == 0 && end == SlottedPage.count(page);
            if (end > begin && (isRoot || !empties)) {
                writer.remove(writer.change(pageId), begin, end);
            }
            return empties;
        } finally {
            pages.unpin(frame);
        }
    }

    private static int slot(ByteBuffer page, byte[] key) {
        int slot = Keys.find(page, key);
        return slot < 0 ? -slot - 1 : slot;
    }

    /** Frees the large values of records from {@code begin} on; returns the slot before which it had to stop, or {@code end}. */
    private int freeValues(ByteBuffer page, int begin, int end) {
        for (int slot = begin; slot < end; slot++) {
            if (LeafRecord.isOverflow(page, slot)) {
                if (writer.heldPages() >= pagesMax) {
                    stopped = Keys.key(page, slot);
                    return slot;
                }
                OverflowRun.free(writer, allocator, LeafRecord.reference(page, slot));
            }
        }
        return end;
    }
}
