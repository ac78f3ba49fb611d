package io.tidemark.engine.btree;

import io.tidemark.engine.buffer.Frame;
import io.tidemark.engine.buffer.PageSource;
import io.tidemark.engine.buffer.Use;
import io.tidemark.engine.log.Version;
import io.tidemark.engine.page.Cell;
import io.tidemark.engine.page.Keys;
import io.tidemark.engine.page.LeafRecord;
import io.tidemark.engine.state.Trees.Stored;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Looks into trees by their roots, in the state that its pages are of; at most two frames are pinned at a time. */
public final class TreeReader {
    /** Sees the records of a scan. The frame stays pinned for the call only. */
    public interface Visitor {
        /** Returns false to end the scan. */
        boolean record(byte[] key, Frame leaf, int slot);
    }

    /** Makes something of one record. The leaf stays pinned for the call only. */
    public interface Found<R> {
        /** Null when there is nothing to be seen. */
        R record(byte[] key, ByteBuffer leaf, int slot);
    }

    private final PageSource pages;

    public TreeReader(PageSource pages) {
        this.pages = pages;
    }

    /** The version of a record that is there: a ghost is not. */
    public Optional<Version> version(long root, byte[] key) {
        return Optional.ofNullable(find(
                root,
                key,
                Use.POINT,
                (k, leaf, slot) -> LeafRecord.isGhost(leaf, slot) ? null : LeafRecord.version(leaf, slot)));
    }

    public Optional<Stored> get(long root, byte[] key) {
        return Optional.ofNullable(find(root, key, Use.POINT, (k, leaf, slot) -> stored(pages, leaf, slot, Use.POINT)));
    }

    /** What is made of the record of this key; null when there is none. */
    public <R> R find(long root, byte[] key, Use use, Found<R> found) {
        Frame leaf = Descent.leafUnlessLacking(pages, root, key, use);
        if (leaf == null) {
            return null;
        }
        try {
            int slot = Keys.find(leaf.page(), key);
            if (slot < 0) {
                pages.keyNotFound();
                return null;
            }
            return found.record(key, leaf.page(), slot);
        } finally {
            pages.unpin(leaf);
        }
    }

    /** The record as it is stored, ghosts too. */
    public Optional<Cell> cell(long root, byte[] key) {
        return Optional.ofNullable(find(root, key, Use.POINT, (k, leaf, slot) -> LeafRecord.cell(leaf, slot)));
    }

    /** The value of a cell that owns pages. */
    public byte[] overflow(Cell cell, Use use) {
        return OverflowRun.read(pages, cell.reference(), use);
    }

    /** The record's value, read from its own pages when it is large, and version. */
    public Stored stored(Frame leaf, int slot, Use use) {
        return stored(pages, leaf.page(), slot, use);
    }

    /** As above, of a pinned leaf of these pages. */
    public static Stored stored(PageSource pages, ByteBuffer page, int slot, Use use) {
        Version version = LeafRecord.version(page, slot);
        byte[] value = LeafRecord.isOverflow(page, slot)
                ? OverflowRun.read(pages, LeafRecord.reference(page, slot), use)
                : LeafRecord.value(page, slot);
        return new Stored(value, version);
    }

    /**
     * Visits {@code from <= key < to} in byte order.
     *
     * @param from null for the first key
     * @param to null for past the last
     */
    public void scan(long root, byte[] from, byte[] to, Visitor visitor) {
        try (TreeCursor cursor = new TreeCursor(pages, root, Use.SCAN)) {
            for (boolean found = cursor.seek(from); found; found = cursor.next()) {
                if ((to != null && cursor.compareKey(to) >= 0)
                        || !visitor.record(cursor.key(), cursor.leaf(), cursor.slot())) {
                    return;
                }
            }
        }
    }
}
