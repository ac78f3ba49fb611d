package io.tidemark.engine;

import io.tidemark.engine.StorageEngine.Row;
import io.tidemark.engine.btree.TreeCursor;
import io.tidemark.engine.buffer.Frame;
import io.tidemark.engine.buffer.PageSource;
import io.tidemark.engine.buffer.Use;
import io.tidemark.engine.log.Version;
import io.tidemark.engine.page.Keys;
import io.tidemark.engine.page.LeafRecord;
import io.tidemark.engine.page.SlottedPage;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Function;

/**
 * A cursor that copies one leaf after another, each in a short stay among the readers, and lends its rows out of the copy.
 * Between stays it has no page, only the way to the leaf: it leads there again, since the tree of a snapshot does not change.
 */
final class SnapshotCursor implements Cursor {
    private final OpenSnapshot snapshot;
    private final PageCopies copies;
    private final byte[] from;
    private final byte[] to;
    private final boolean forward;
    private final int step;
    private final PagesNow pages;
    private final TreeCursor way;
    private final Function<ReadPlace, Boolean> turn = this::turn;

    /** The copy, and what of it is lent; null before the first leaf and after the end. */
    private ByteBuffer leaf;

    private ByteBuffer lentKey;
    private ByteBuffer lentValue;

    /** The slot before the next one, in this direction, and where this leaf ends. */
    private int slot;

    private int end;
    private boolean standing;

    /** The row it stands at, where the record alone does not say it. */
    private Row told;

    /** Whether the way leads to the copied leaf; else it has to be found by {@link #start}. */
    private boolean placed;

    /** Where to begin: at this key or, with {@link #exclusive}, past it in this direction; null: at the end of all. */
    private byte[] start;

    private boolean exclusive;
    private boolean exhausted;

    SnapshotCursor(OpenSnapshot snapshot, PageCopies copies, String tree, byte[] from, byte[] to, Direction direction) {
        this.snapshot = snapshot;
        this.copies = copies;
        this.from = from;
        this.to = to;
        this.forward = direction == Direction.FORWARD;
        this.step = forward ? 1 : -1;
        this.pages = new PagesNow(copies.pageBytes());
        this.way = new TreeCursor(pages, snapshot.boundary().catalog().root(tree), Use.SCAN);
        startAt(null);
    }

    private void startAt(byte[] key) {
        leaveRow();
        slot = -step;
        end = 0;
        placed = false;
        exhausted = false;
        exclusive = false;
        start = key;
        boolean beforeRange = key == null
                || (forward
                        ? from != null && Arrays.compareUnsigned(key, from) < 0
                        : to != null && Arrays.compareUnsigned(key, to) >= 0);
        if (beforeRange) {
            start = forward ? from : to;
            exclusive = !forward;
        }
    }

    private void leaveRow() {
        standing = false;
        told = null;
    }

    @Override
    public boolean next() {
        leaveRow();
        while (!standing) {
            int next = slot + step;
            if (next != end) {
                standing = LeafRecord.isPlain(leaf, next) || isSeen(next);
                slot = next;
            } else if (exhausted || !snapshot.read(turn)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean seek(byte[] key) {
        startAt(key.clone());
        return next();
    }

    /** Copies the next leaf; false when there is none. */
    private boolean turn(ReadPlace place) {
        pages.now = place.pages;
        try {
            placed = placed ? (forward ? way.nextLeaf() : way.previousLeaf()) : find();
            exhausted = !placed;
            if (placed) {
                copy(way.page(), way.slot());
            }
            return placed;
        } catch (RuntimeException e) {
            findAgain();
            throw e;
        } finally {
            way.park();
        }
    }

    private boolean find() {
        if (forward) {
            boolean found = way.seek(start);
            return found && exclusive && way.compareKey(start) == 0 ? way.next() : found;
        }
        if (start == null || exclusive) {
            return way.seekBefore(start);
        }
        boolean found = way.seek(start);
        return found && way.compareKey(start) == 0 || way.seekBefore(start);
    }

    /** The way is lost: it begins behind what was copied last. */
    private void findAgain() {
        if (placed) {
            start = Keys.key(leaf, end - step);
            exclusive = true;
            placed = false;
        }
    }

    private void copy(ByteBuffer page, int first) {
        if (leaf == null) {
            leaf = copies.take();
            lentKey = leaf.asReadOnlyBuffer();
            lentValue = leaf.asReadOnlyBuffer();
        }
        leaf.put(0, page, 0, copies.pageBytes());
        slot = first - step;
        int count = SlottedPage.count(leaf);
        if (forward) {
            exhausted = to != null && Keys.compare(leaf, count - 1, to) >= 0;
            end = exhausted ? Math.max(first, atOrAbove(to)) : count;
        } else {
            exhausted = from != null && Keys.compare(leaf, 0, from) < 0;
            end = exhausted ? Math.min(first, atOrAbove(from) - 1) : -1;
        }
    }

    private int atOrAbove(byte[] key) {
        int found = Keys.find(leaf, key);
        return found < 0 ? -found - 1 : found;
    }

    /** Whether a reader sees a row in a record that is not plain. */
    private boolean isSeen(int at) {
        told = snapshot.read(place -> place.row(Keys.key(leaf, at), leaf, at, Use.SCAN));
        return told != null;
    }

    /** Makes sure that a value is here which has pages of its own. */
    private void fetchLarge() {
        requireRow();
        if (told == null && LeafRecord.isOverflow(leaf, slot)) {
            isSeen(slot);
        }
    }

    private void requireRow() {
        if (!standing) {
            throw new IllegalStateException("the cursor stands at no row; next() says whether there is one");
        }
    }

    @Override
    public ByteBuffer key() {
        requireRow();
        int at = LeafRecord.keyOffset(leaf, slot);
        return lentKey.limit(LeafRecord.valueOffset(leaf, slot)).position(at);
    }

    @Override
    public ByteBuffer value() {
        fetchLarge();
        if (told != null) {
            return ByteBuffer.wrap(told.value()).asReadOnlyBuffer();
        }
        int at = LeafRecord.valueOffset(leaf, slot);
        return lentValue.limit(at + LeafRecord.inlineBytes(leaf, slot)).position(at);
    }

    @Override
    public Version version() {
        requireRow();
        return told == null ? LeafRecord.version(leaf, slot) : told.version();
    }

    @Override
    public Row row() {
        fetchLarge();
        return told != null
                ? told
                : new Row(Keys.key(leaf, slot), LeafRecord.value(leaf, slot), version(), snapshot.lsn());
    }

    @Override
    public void close() {
        startAt(null);
        exhausted = true;
        if (leaf != null) {
            copies.giveBack(leaf);
            leaf = null;
            lentKey = null;
            lentValue = null;
        }
    }

    /** The pages of whichever place it reads at. */
    private static final class PagesNow implements PageSource {
        private final int pageBytes;
        private PageSource now;

        PagesNow(int pageBytes) {
            this.pageBytes = pageBytes;
        }

        @Override
        public Frame pin(long pageId, Use use) {
            return now.pin(pageId, use);
        }

        @Override
        public void unpin(Frame frame) {
            now.unpin(frame);
        }

        @Override
        public int pageBytes() {
            return pageBytes;
        }

        @Override
        public void willWant(long pageId) {
            now.willWant(pageId);
        }
    }
}
