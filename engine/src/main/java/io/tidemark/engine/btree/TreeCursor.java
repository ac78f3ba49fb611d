package io.tidemark.engine.btree;

import io.tidemark.engine.buffer.Frame;
import io.tidemark.engine.buffer.PageSource;
import io.tidemark.engine.buffer.Use;
import io.tidemark.engine.log.Version;
import io.tidemark.engine.page.Keys;
import io.tidemark.engine.page.LeafRecord;
import io.tidemark.engine.page.PageHeader;
import io.tidemark.engine.page.SlottedPage;
import io.tidemark.engine.state.Trees.Stored;
import java.nio.ByteBuffer;

/**
 * A place in a tree, moved record by record in either direction. The page source must show one state of the tree for the
 * cursor's whole life: a snapshot's, or the entry's in flight while that changes nothing.
 *
 * <p>It holds one pin while it stands at a record, two while it moves, none when {@link #park parked}. Not thread-safe; a
 * cursor whose source has thrown stands nowhere and may be placed anew.
 */
public final class TreeCursor implements AutoCloseable {
    private static final int NOWHERE = -1;

    private final PageSource pages;
    private final long root;
    private final Use use;
    private final Descent way = new Descent();
    private int slot = NOWHERE;

    /**
     * @param root of the tree; {@link PageHeader#NO_PAGE} for a tree that does not exist, which has no records
     * @param use how the leaves are used
     */
    public TreeCursor(PageSource pages, long root, Use use) {
        this.pages = pages;
        this.root = root;
        this.use = use;
    }

    /** Goes to the first record; false when there is none. */
    public boolean first() {
        return seek(null);
    }

    /** Goes to the last record; false when there is none. */
    public boolean last() {
        return seekBefore(null);
    }

    /**
     * Goes to the first record at or above the key; false when there is none, and then the cursor stands nowhere.
     *
     * @param key null for the first of all
     */
    public boolean seek(byte[] key) {
        close();
        if (root == PageHeader.NO_PAGE) {
            return false;
        }
        way.to(pages, root, key, use);
        int found = key == null ? 0 : Keys.find(way.leaf.page(), key);
        return forward(found < 0 ? -found - 1 : found);
    }

    /**
     * Goes to the last record below the key; false when there is none, and then the cursor stands nowhere.
     *
     * @param key null for past all
     */
    public boolean seekBefore(byte[] key) {
        close();
        if (root == PageHeader.NO_PAGE) {
            return false;
        }
        if (key == null) {
            way.toLast(pages, root, use);
            return backward(SlottedPage.count(way.leaf.page()) - 1);
        }
        way.to(pages, root, key, use);
        int found = Keys.find(way.leaf.page(), key);
        return backward((found < 0 ? -found - 1 : found) - 1);
    }

    /** Goes to the next record; false when there is none, and then the cursor stands nowhere. */
    public boolean next() {
        resume();
        return forward(slot + 1);
    }

    /** Goes to the record before; false when there is none, and then the cursor stands nowhere. */
    public boolean previous() {
        resume();
        return backward(slot - 1);
    }

    /** Goes to the first record of a later leaf; false when there is none, and then the cursor stands nowhere. */
    public boolean nextLeaf() {
        slot();
        slot = NOWHERE;
        while (way.nextLeaf(pages, use)) {
            if (SlottedPage.count(way.leaf.page()) > 0) {
                slot = 0;
                return true;
            }
        }
        return false;
    }

    /** Goes to the last record of an earlier leaf; false when there is none, and then the cursor stands nowhere. */
    public boolean previousLeaf() {
        slot();
        slot = NOWHERE;
        while (way.previousLeaf(pages, use)) {
            if (SlottedPage.count(way.leaf.page()) > 0) {
                slot = SlottedPage.count(way.leaf.page()) - 1;
                return true;
            }
        }
        return false;
    }

    /** Whether it stands at a record. */
    public boolean isPlaced() {
        return slot != NOWHERE;
    }

    /** A copy of the record's key. */
    public byte[] key() {
        return Keys.key(page(), slot);
    }

    /** Compares the record's key with this one, as {@link java.util.Arrays#compareUnsigned(byte[], byte[])} would. */
    public int compareKey(byte[] other) {
        return Keys.compare(page(), slot, other);
    }

    public Version version() {
        return LeafRecord.version(page(), slot);
    }

    /** The record's value, read from its own pages when it is large, and version. */
    public Stored stored() {
        return TreeReader.stored(pages, page(), slot, use);
    }

    /** The leaf; valid until the cursor moves or is parked. */
    public ByteBuffer page() {
        resume();
        return way.leaf.page();
    }

    /** The leaf's frame. */
    Frame leaf() {
        resume();
        return way.leaf;
    }

    /** The record's slot in {@link #page}. */
    public int slot() {
        if (slot == NOWHERE) {
            throw new IllegalStateException("the cursor stands at no record");
        }
        return slot;
    }

    /** Gives its pin back and keeps its place; the next call takes the pin again. */
    public void park() {
        way.end(pages);
    }

    /** Gives its pin back and stands nowhere. It may be placed again. */
    @Override
    public void close() {
        slot = NOWHERE;
        way.end(pages);
    }

    private void resume() {
        slot();
        if (way.leaf == null) {
            way.leaf = pages.pin(way.pages[way.depth], use);
        }
    }

    private boolean forward(int to) {
        slot = to;
        return to < SlottedPage.count(way.leaf.page()) || nextLeaf();
    }

    private boolean backward(int to) {
        slot = Math.max(to, 0);
        return to >= 0 || previousLeaf();
    }
}
