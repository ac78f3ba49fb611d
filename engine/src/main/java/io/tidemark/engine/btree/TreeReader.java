package io.tidemark.engine.btree;

import io.tidemark.engine.buffer.Frame;
import io.tidemark.engine.buffer.PageSource;
import io.tidemark.engine.buffer.Use;
import io.tidemark.engine.log.Version;
import io.tidemark.engine.page.Keys;
import io.tidemark.engine.page.LeafRecord;
import io.tidemark.engine.page.SlottedPage;
import io.tidemark.engine.state.Trees.Stored;
import java.nio.ByteBuffer;
import java.util.Arrays;
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

    public Optional<Version> version(long root, byte[] key) {
        Descent way = new Descent();
        way.to(pages, root, key, Use.POINT);
        try {
            int slot = Keys.find(way.leaf.page(), key);
            return slot < 0 ? Optional.empty() : Optional.of(LeafRecord.version(way.leaf.page(), slot));
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

    /** The record's value, read from its own pages when it is large, and version. */
    public Stored stored(Frame leaf, int slot, Use use) {
        ByteBuffer page = leaf.page();
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
        Descent way = new Descent();
        byte[] low = from;
        do {
            way.to(pages, root, low, Use.SCAN);
            try {
                if (!visit(way.leaf, low, to, visitor)) {
                    return;
                }
            } finally {
                way.end(pages);
            }
            low = way.upper;
        } while (low != null && (to == null || Arrays.compareUnsigned(low, to) < 0));
    }

    private static boolean visit(Frame leaf, byte[] low, byte[] to, Visitor visitor) {
        ByteBuffer page = leaf.page();
        int slot = low == null ? 0 : Keys.find(page, low);
        for (slot = slot < 0 ? -slot - 1 : slot; slot < SlottedPage.count(page); slot++) {
            byte[] key = Keys.key(page, slot);
            if (to != null && Arrays.compareUnsigned(key, to) >= 0) {
                return false;
            }
            if (!visitor.record(key, leaf, slot)) {
                return false;
            }
        }
        return true;
    }
}
