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
import java.util.BitSet;
import java.util.function.LongConsumer;

/** Names the leaves of a tree from the inner pages above them, without reading a leaf that is not also the root. */
public final class LeafIds {
    private LeafIds() {}

    /**
     * The leaf where the key is or would be.
     *
     * @param beside told the pages on both sides of it, and of each inner page on the way, that have the same parent: one that
     *     becomes too empty joins one of them
     */
    public static long of(PageSource pages, long root, byte[] key, LongConsumer beside) {
        long pageId = root;
        while (true) {
            Frame frame = pages.pin(pageId, Use.POINT);
            try {
                ByteBuffer page = frame.page();
                if (PageHeader.type(page) != PageType.INNER) {
                    return pageId;
                }
                int index = Keys.childIndex(page, key);
                pageId = child(page, index);
                if (index > 0) {
                    beside.accept(child(page, index - 1));
                }
                if (index < SlottedPage.count(page)) {
                    beside.accept(child(page, index + 1));
                }
                if (SlottedPage.level(page) == 1) {
                    return pageId;
                }
            } finally {
                pages.unpin(frame);
            }
        }
    }

    /** All leaves of the catalog and of the system's own trees. */
    public static BitSet ofSystem(PageSource pages, long catalogRoot, Catalog catalog) {
        BitSet leaves = new BitSet();
        LongConsumer add = pageId -> leaves.set(Math.toIntExact(pageId));
        from(pages, catalogRoot, null, Integer.MAX_VALUE, add);
        for (String name : catalog.names()) {
            if (Catalog.isSystem(name)) {
                from(pages, catalog.root(name), null, Integer.MAX_VALUE, add);
            }
        }
        return leaves;
    }

    /**
     * All leaves from the one where the key is or would be on.
     *
     * @param from null for the first
     * @param max leaves at most
     */
    public static void from(PageSource pages, long root, byte[] from, int max, LongConsumer leaves) {
        below(pages, root, from == null ? new byte[0] : from, max, leaves);
    }

    /** How many of {@code max} are left. */
    private static int below(PageSource pages, long pageId, byte[] from, int max, LongConsumer leaves) {
        Frame frame = pages.pin(pageId, Use.POINT);
        long[] children;
        int level;
        int index;
        try {
            ByteBuffer page = frame.page();
            if (PageHeader.type(page) != PageType.INNER) {
                leaves.accept(pageId);
                return max - 1;
            }
            level = SlottedPage.level(page);
            index = from == null ? 0 : Keys.childIndex(page, from);
            children = new long[SlottedPage.count(page) + 1];
            for (int i = index; i < children.length; i++) {
                children[i] = child(page, i);
            }
        } finally {
            pages.unpin(frame);
        }
        int left = max;
        for (int i = index; i < children.length && left > 0; i++) {
            if (level == 1) {
                leaves.accept(children[i]);
                left--;
            } else {
                left = below(pages, children[i], i == index ? from : null, left, leaves);
            }
        }
        return left;
    }

    private static long child(ByteBuffer page, int index) {
        long child = InnerRecord.child(page, index);
        if (child <= PageHeader.NO_PAGE) {
            throw new TidemarkException(
                    ErrorKind.CORRUPT, "page " + PageHeader.id(page) + " has child " + child + " at " + index);
        }
        return child;
    }
}
