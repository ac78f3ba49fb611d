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

/** Looks into trees by their roots. The caller holds the engine's lock; at most two frames are pinned at a time. */
public final class TreeReader {
    /** Sees the records of a scan. The frame stays pinned for the call only. */
    public interface Visitor {
        /** Returns false to end the scan. */
        boolean record(byte[] key, Frame leaf, int slot);
    }

    private final PageSource pages;

    public TreeReader(PageSource pages) {
        this.pages = pages;
    }

    /** The version of a record that is there: a ghost is not. */
    public Optional<Version> version(long root, byte[] key) {
        Descent way = new Descent();
        way.to(pages, root, key, Use.POINT);
        try {
            ByteBuffer leaf = way.leaf.page();
            int slot = Keys.find(leaf, key);
            return slot < 0 || LeafRecord.isGhost(leaf, slot)
                    ? Optional.empty()
                    : Optional.of(LeafRecord.version(leaf, slot));
        } finally {
            way.end(pages);
        }
    }

    public Optional<Stored> get(long root, byte[] key) {
        Descent way = new Descent();
        way.to(pages, root, key, Use.POINT);
        try {
            int slot = Keys.find(way.leaf.page(), key);
            return slot < 0 ? Optional.empty() : Optional.of(stored(way.leaf, slot, Use.POINT));
        } finally {
            way.end(pages);
        }
    }

    /** The record as it is stored, ghosts too. */
    public Optional<Cell> cell(long root, byte[] key) {
        Descent way = new Descent();
        way.to(pages, root, key, Use.POINT);
        try {
            int slot = Keys.find(way.leaf.page(), key);
            return slot < 0 ? Optional.empty() : Optional.of(LeafRecord.cell(way.leaf.page(), slot));
        } finally {
            way.end(pages);
        }
    }

    /** The value of a cell that owns pages. */
    public byte[] overflow(Cell cell, Use use) {
        return OverflowRun.read(pages, cell.reference(), use);
    }

    /** The record's value, read from its own pages when it is large, and version. */
    public Stored stored(Frame leaf, int slot, Use use) {
        return stored(pages, leaf.page(), slot, use);
    }

    static Stored stored(PageSource pages, ByteBuffer page, int slot, Use use) {
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
