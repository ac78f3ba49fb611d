package io.tidemark.engine.btree;

import io.tidemark.engine.buffer.Frame;
import io.tidemark.engine.buffer.PageSource;
import io.tidemark.engine.buffer.Use;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.page.InnerRecord;
import io.tidemark.engine.page.Keys;
import io.tidemark.engine.page.PageHeader;
import io.tidemark.engine.page.PageType;
import io.tidemark.engine.page.SlottedPage;
import java.nio.ByteBuffer;

/**
 * The way from a root to a leaf, and that leaf, pinned. May be used again after {@link #end}. While it goes it pins two
 * frames at most, then one.
 */
final class Descent {
    /** A tree this deep would have more pages than there are ids. */
    private static final int DEPTH_MAX = 32;

    /** Leaves that are read ahead of a scan: what a disk delivers in one turn, at the default page size. */
    private static final int READ_AHEAD = 8;

    private static final byte[] FIRST = {};

    /** Page ids from the root, at 0, to the leaf, at {@link #depth}. */
    final long[] pages = new long[DEPTH_MAX + 1];

    /** Which child was taken at each inner page. */
    final int[] children = new int[DEPTH_MAX + 1];

    /** Whether all children taken above this depth were the last ones. */
    final boolean[] rightEdge = new boolean[DEPTH_MAX + 1];

    int depth;
    Frame leaf;

    /** The parent whose leaves are being read ahead of a scan. */
    private long aheadOf = PageHeader.NO_PAGE;

    /**
     * Goes to the leaf where {@code key} is or would be.
     *
     * @param key null for the first leaf
     */
    void to(PageSource source, long root, byte[] key, Use use) {
        begin(root);
        down(source, source.pin(root, use), Way.KEY, key == null ? FIRST : key, use);
    }

    /** Goes to the last leaf. */
    void toLast(PageSource source, long root, Use use) {
        begin(root);
        down(source, source.pin(root, use), Way.LAST, FIRST, use);
    }

    private void begin(long root) {
        depth = 0;
        pages[0] = root;
        rightEdge[0] = true;
        aheadOf = PageHeader.NO_PAGE;
    }

    /**
     * Goes on to the leaf after this one. The tree must not have changed since; there are no links between leaves, so the
     * way leads through their parents.
     *
     * @return false when there is none; then this ends
     */
    boolean nextLeaf(PageSource source, Use use) {
        return beside(source, 1, use);
    }

    /** As {@link #nextLeaf}, to the leaf before this one. */
    boolean previousLeaf(PageSource source, Use use) {
        return beside(source, -1, use);
    }

    private boolean beside(PageSource source, int by, Use use) {
        end(source);
        while (--depth >= 0) {
            Frame parent = source.pin(pages[depth], Use.POINT);
            int index = children[depth] + by;
            if (index >= 0 && index <= SlottedPage.count(parent.page())) {
                Frame child = null;
                try {
                    if (use == Use.SCAN) {
                        readAhead(source, parent.page(), index, by);
                    }
                    child = child(source, parent, index, use);
                } finally {
                    source.unpin(parent);
                }
                down(source, child, by > 0 ? Way.FIRST : Way.LAST, FIRST, use);
                return true;
            }
            source.unpin(parent);
        }
        depth = 0;
        return false;
    }

    /**
     * Names leaves that a scan in this direction comes to after that one: all of the stretch at the first leaf below a
     * parent, then each twice, for a wish may be dropped and asking costs as much as a row of a page that is there.
     */
    private void readAhead(PageSource source, ByteBuffer parent, int index, int by) {
        if (SlottedPage.level(parent) != 1) {
            return;
        }
        int step = aheadOf == pages[depth] ? READ_AHEAD / 2 : 1;
        aheadOf = pages[depth];
        int count = SlottedPage.count(parent);
        for (int distance = step; distance <= READ_AHEAD; distance += step) {
            int next = index + by * distance;
            if (next >= 0 && next <= count) {
                source.willWant(InnerRecord.child(parent, next));
            }
        }
    }

    private enum Way {
        FIRST,
        LAST,
        KEY
    }

    /** From the pinned page at {@link #depth} to a leaf below it. */
    private void down(PageSource source, Frame from, Way way, byte[] key, Use use) {
        Frame frame = from;
        try {
            while (PageHeader.type(frame.page()) == PageType.INNER) {
                int index = switch (way) {
                    case FIRST -> 0;
                    case LAST -> SlottedPage.count(frame.page());
                    case KEY -> Keys.childIndex(frame.page(), key);
                };
                Frame child = child(source, frame, index, use);
                source.unpin(frame);
                frame = child;
            }
            if (PageHeader.type(frame.page()) != PageType.LEAF) {
                throw wrong(frame, "is no page of a tree");
            }
        } catch (RuntimeException e) {
            source.unpin(frame);
            throw e;
        }
        leaf = frame;
    }

    /** Pins that child of the page at {@link #depth}, and is one deeper. Inner pages are not of a scan alone. */
    private Frame child(PageSource source, Frame frame, int index, Use use) {
        ByteBuffer page = frame.page();
        int level = SlottedPage.level(page);
        long childId = InnerRecord.child(page, index);
        if (depth == DEPTH_MAX || childId <= PageHeader.NO_PAGE) {
            throw wrong(frame, "at depth " + depth + " has child " + childId);
        }
        Frame child = source.pin(childId, level > 1 ? Use.POINT : use);
        if (SlottedPage.level(child.page()) != level - 1) {
            source.unpin(child);
            throw wrong(frame, "of level " + level + " has a child of another: page " + childId);
        }
        children[depth] = index;
        depth++;
        pages[depth] = childId;
        rightEdge[depth] = rightEdge[depth - 1] && index == SlottedPage.count(page);
        return child;
    }

    /** Whether all children taken above this depth were the first ones. */
    boolean isLeftEdge(int at) {
        for (int i = 0; i < at; i++) {
            if (children[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** The root's contents have moved to a new page below it. */
    void rootPushedDown(long child) {
        System.arraycopy(pages, 0, pages, 1, depth + 1);
        System.arraycopy(children, 0, children, 1, depth + 1);
        System.arraycopy(rightEdge, 0, rightEdge, 1, depth + 1);
        pages[1] = child;
        children[0] = 0;
        depth++;
    }

    /** Lets go of the leaf. */
    void end(PageSource source) {
        if (leaf != null) {
            source.unpin(leaf);
            leaf = null;
        }
    }

    /**
     * The leaf where the key is or would be, pinned; null when it is known to be in none. For a single look, without a trace of
     * the way.
     */
    static Frame leafUnlessLacking(PageSource source, long root, byte[] key, Use use) {
        Frame frame = source.pin(root, use);
        int level = SlottedPage.level(frame.page());
        while (PageHeader.type(frame.page()) == PageType.INNER && level > 0) {
            Frame child;
            try {
                long childId = InnerRecord.child(frame.page(), Keys.childIndex(frame.page(), key));
                if (childId <= PageHeader.NO_PAGE) {
                    throw wrong(frame, "has child " + childId);
                }
                if (level == 1 && source.lacks(childId, key)) {
                    return null;
                }
                child = source.pin(childId, use);
            } finally {
                source.unpin(frame);
            }
            frame = child;
            if (SlottedPage.level(frame.page()) != --level) {
                source.unpin(frame);
                throw wrong(frame, "is not of level " + level + ", as its parent says");
            }
        }
        if (PageHeader.type(frame.page()) != PageType.LEAF) {
            source.unpin(frame);
            throw wrong(frame, "is no page of a tree");
        }
        return frame;
    }

    private static TidemarkException wrong(Frame frame, String what) {
        return new TidemarkException(
                ErrorKind.CORRUPT,
                "page " + frame.pageId() + " of LSN " + PageHeader.lsn(frame.page()) + " " + what
                        + "; rebuild the store from a good copy");
    }
}
