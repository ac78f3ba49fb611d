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

/** The way from a root to the leaf of a key, and that leaf, pinned. May be used again after {@link #end}. */
final class Descent {
    /** A tree this deep would have more pages than there are ids. */
    private static final int DEPTH_MAX = 32;

    private static final byte[] FIRST = {};

    /** Page ids from the root, at 0, to the leaf, at {@link #depth}. */
    final long[] pages = new long[DEPTH_MAX + 1];

    /** Which child was taken at each inner page. */
    final int[] children = new int[DEPTH_MAX + 1];

    /** Whether all children taken above this depth were the last ones. */
    final boolean[] rightEdge = new boolean[DEPTH_MAX + 1];

    int depth;
    Frame leaf;

    /** The separator above the leaf: all its keys are below; null at the right edge. */
    byte[] upper;

    /**
     * Goes to the leaf where {@code key} is or would be.
     *
     * @param key null for the first leaf
     */
    void to(PageSource source, long root, byte[] key, Use use) {
        depth = 0;
        upper = null;
        pages[0] = root;
        rightEdge[0] = true;
        Frame frame = source.pin(root, use);
        try {
            while (PageHeader.type(frame.page()) == PageType.INNER) {
                Frame child = step(source, frame, key == null ? FIRST : key, use);
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

    private Frame step(PageSource source, Frame frame, byte[] key, Use use) {
        ByteBuffer page = frame.page();
        int index = Keys.childIndex(page, key);
        boolean last = index == SlottedPage.count(page);
        children[depth] = index;
        if (!last) {
            upper = Keys.key(page, index);
        }
        long childId = InnerRecord.child(page, index);
        if (depth == DEPTH_MAX || childId <= PageHeader.NO_PAGE) {
            throw wrong(frame, "at depth " + depth + " has child " + childId);
        }
        Frame child = source.pin(childId, use);
        if (SlottedPage.level(child.page()) != SlottedPage.level(page) - 1) {
            source.unpin(child);
            throw wrong(frame, "of level " + SlottedPage.level(page) + " has a child of another: page " + childId);
        }
        depth++;
        pages[depth] = childId;
        rightEdge[depth] = rightEdge[depth - 1] && last;
        return child;
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

    private static TidemarkException wrong(Frame frame, String what) {
        return new TidemarkException(
                ErrorKind.CORRUPT,
                "page " + frame.pageId() + " of LSN " + PageHeader.lsn(frame.page()) + " " + what
                        + "; rebuild the store from a good copy");
    }
}
