package io.tidemark.engine.btree;

import io.tidemark.engine.buffer.Frame;
import io.tidemark.engine.buffer.PageSource;
import io.tidemark.engine.buffer.Use;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Version;
import io.tidemark.engine.page.Cell;
import io.tidemark.engine.page.Keys;
import io.tidemark.engine.page.LeafRecord;
import io.tidemark.engine.page.LeafRecord.Reference;
import io.tidemark.engine.page.RedoBuffer;
import io.tidemark.engine.page.SlottedPage;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Changes trees by their roots, inside an entry. Applying thread only. */
final class TreeEditor {
    private final PageSource pages;
    private final PageWriter writer;
    private final PageAllocator allocator;
    private final TreeSplit split;
    private final TreeMerge merge;
    private final RangeDelete ranges;
    private final Descent way = new Descent();
    private final RedoBuffer cell = new RedoBuffer();

    TreeEditor(PageSource pages, PageWriter writer, PageAllocator allocator) {
        this.pages = pages;
        this.writer = writer;
        this.allocator = allocator;
        this.split = new TreeSplit(writer, allocator);
        this.merge = new TreeMerge(pages, writer, allocator, split);
        this.ranges = new RangeDelete(pages, writer, allocator, merge);
    }

    /** Sets the key. */
    void put(long root, byte[] key, byte[] value, Version version) {
        put(root, key, true, () -> encode(key, value, version));
    }

    /** Sets the key to a cell that was one before; what was there must own no pages any more. */
    void put(long root, byte[] key, Cell moved) {
        put(root, key, false, () -> {
            cell.clear();
            LeafRecord.write(cell, key, moved);
        });
    }

    /** @param encode fills {@link #cell}; may allocate pages */
    private void put(long root, byte[] key, boolean freeOld, Runnable encode) {
        if (key.length > LeafRecord.keyBytesMax(writer.pageBytes())) {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    "a key of " + key.length + " B does not fit pages of " + writer.pageBytes() + " B, which take "
                            + LeafRecord.keyBytesMax(writer.pageBytes()));
        }
        way.to(pages, root, key, Use.POINT);
        try {
            Frame leaf = writer.change(way.leaf.pageId());
            int slot = Keys.find(leaf.page(), key);
            if (slot >= 0 && freeOld) {
                freeValue(leaf.page(), slot);
            }
            encode.run();
            if (slot < 0) {
                split.insert(way, way.depth, -slot - 1, cell);
            } else if (SlottedPage.fitsReplacement(leaf.page(), slot, cell.length())) {
                writer.replace(leaf, slot, cell);
            } else {
                writer.delete(leaf, slot);
                split.insert(way, way.depth, slot, cell);
            }
        } finally {
            way.end(pages);
        }
    }

    private void encode(byte[] key, byte[] value, Version version) {
        cell.clear();
        if (LeafRecord.overflows(writer.pageBytes(), key.length, value.length)) {
            LeafRecord.write(cell, version, key, OverflowRun.write(writer, allocator, value));
        } else {
            LeafRecord.write(cell, version, key, value);
        }
    }

    /** The cell of a value that goes under this key, written to pages of its own when it is too large behind {@code head}. */
    Cell cell(byte[] key, byte[] head, byte[] value, Version version) {
        if (LeafRecord.overflows(writer.pageBytes(), key.length, head.length + (long) value.length)) {
            Reference reference = OverflowRun.write(writer, allocator, value);
            return new Cell(LeafRecord.OVERFLOW, version, 0, 0, LeafRecord.referring(head, reference));
        }
        byte[] content = Arrays.copyOf(head, head.length + value.length);
        System.arraycopy(value, 0, content, head.length, value.length);
        return new Cell(0, version, 0, 0, content);
    }

    /** Gives up the pages of a cell that no tree holds any more. */
    void free(Cell cell) {
        if (cell.isOverflow()) {
            OverflowRun.free(writer, allocator, cell.reference());
        }
    }

    private void freeValue(ByteBuffer page, int slot) {
        if (LeafRecord.isOverflow(page, slot)) {
            Reference reference = LeafRecord.reference(page, slot);
            OverflowRun.free(writer, allocator, reference);
        }
    }

    /** Removes the key; false when it was not there. */
    boolean delete(long root, byte[] key) {
        return remove(root, key, true);
    }

    /** See {@link io.tidemark.engine.state.Trees#deleteRange}. */
    byte[] deleteRange(long root, byte[] from, byte[] to, int pageBudget) {
        return ranges.delete(root, from, to, pageBudget);
    }

    /** As {@link #delete}, but the pages of a large value stay: a cell taken before owns them. */
    boolean remove(long root, byte[] key) {
        return remove(root, key, false);
    }

    private boolean remove(long root, byte[] key, boolean freeOld) {
        way.to(pages, root, key, Use.POINT);
        try {
            int slot = Keys.find(way.leaf.page(), key);
            if (slot < 0) {
                return false;
            }
            Frame leaf = writer.change(way.leaf.pageId());
            if (freeOld) {
                freeValue(leaf.page(), slot);
            }
            writer.delete(leaf, slot);
            merge.afterRemoval(way);
            return true;
        } finally {
            way.end(pages);
        }
    }
}
