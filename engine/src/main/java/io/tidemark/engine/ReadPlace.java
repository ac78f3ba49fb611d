package io.tidemark.engine;

import io.tidemark.engine.StorageEngine.Row;
import io.tidemark.engine.btree.TreeReader;
import io.tidemark.engine.buffer.BufferPool;
import io.tidemark.engine.buffer.PagesAt;
import io.tidemark.engine.buffer.SnapshotHold;
import io.tidemark.engine.buffer.Use;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.page.Cell;
import io.tidemark.engine.page.LeafRecord;
import io.tidemark.engine.page.PageHeader;
import io.tidemark.engine.state.Trees.Stored;
import io.tidemark.engine.txn.UndoRow;
import io.tidemark.engine.txn.Visibility;
import java.nio.ByteBuffer;
import java.util.Optional;

/** What a reader works with while it has a slot: the pages and the boundary that it sees. One thread at a time. */
final class ReadPlace implements TreeReader.Found<Row>, Visibility.Undo {
    final int slot;
    final PagesAt pages;
    final TreeReader trees;
    private final TreeReader.Found<Void> valueInto = this::valueInto;
    private Published boundary;
    private long own;
    private ByteBuffer valueTarget;
    private int valueBytes;

    ReadPlace(int slot, BufferPool pool) {
        this.slot = slot;
        this.pages = new PagesAt(pool);
        this.trees = new TreeReader(pages);
    }

    void moveTo(Published newBoundary, SnapshotHold hold) {
        boundary = newBoundary;
        own = Command.NO_TRANSACTION;
        pages.moveTo(newBoundary.lsn(), hold);
    }

    /** Reads with the changes of this open transaction, until the place is moved. */
    ReadPlace as(long transaction) {
        own = transaction;
        return this;
    }

    Published boundary() {
        return boundary;
    }

    long lsn() {
        return boundary.lsn();
    }

    long root(String tree) {
        return boundary.catalog().root(tree);
    }

    /** The row of the key, or null. */
    Row get(String tree, byte[] key) {
        long root = root(tree);
        return root == PageHeader.NO_PAGE ? null : trees.find(root, key, Use.POINT, this);
    }

    /** The row's value, put into the target where it has room for it; its length, or {@link StorageEngine#ABSENT}. */
    int getInto(String tree, byte[] key, ByteBuffer target) {
        long root = root(tree);
        if (root == PageHeader.NO_PAGE) {
            return StorageEngine.ABSENT;
        }
        valueTarget = target;
        valueBytes = StorageEngine.ABSENT;
        try {
            trees.find(root, key, Use.POINT, valueInto);
            return valueBytes;
        } finally {
            valueTarget = null;
        }
    }

    private Void valueInto(byte[] key, ByteBuffer leaf, int at) {
        if (LeafRecord.isPlain(leaf, at) && !LeafRecord.isOverflow(leaf, at)) {
            put(leaf, LeafRecord.valueOffset(leaf, at), LeafRecord.inlineBytes(leaf, at));
            return null;
        }
        Row row = row(key, leaf, at, Use.POINT);
        if (row != null) {
            put(ByteBuffer.wrap(row.value()), 0, row.value().length);
        }
        return null;
    }

    private void put(ByteBuffer source, int from, int length) {
        valueBytes = length;
        if (length <= valueTarget.remaining()) {
            int at = valueTarget.position();
            valueTarget.put(at, source, from, length).position(at + length);
        }
    }

    @Override
    public Row record(byte[] key, ByteBuffer leaf, int at) {
        return row(key, leaf, at, Use.POINT);
    }

    /**
     * The one place where a stored record becomes what a reader sees; null when that is nothing.
     *
     * @param leaf pinned
     */
    Row row(byte[] key, ByteBuffer leaf, int at, Use use) {
        if (!LeafRecord.isPlain(leaf, at)) {
            return marked(key, leaf, at, use);
        }
        return asStored(key, leaf, at, use);
    }

    private Row asStored(byte[] key, ByteBuffer leaf, int at, Use use) {
        Stored stored = TreeReader.stored(pages, leaf, at, use);
        return new Row(key, stored.value(), stored.version(), boundary.lsn());
    }

    /** Rule T1. */
    private Row marked(byte[] key, ByteBuffer leaf, int at, Use use) {
        Visibility visibility = new Visibility(boundary.transactions().open(), own, this);
        if (!LeafRecord.isMarked(leaf, at) || visibility.seesAsStored(LeafRecord.transaction(leaf, at))) {
            return LeafRecord.isGhost(leaf, at) ? null : asStored(key, leaf, at, use);
        }
        return visibility
                .before(LeafRecord.transaction(leaf, at), LeafRecord.sequence(leaf, at))
                .map(seen -> new Row(key, seen.value(), seen.version(), boundary.lsn()))
                .orElse(null);
    }

    @Override
    public Optional<Cell> row(byte[] undoKey) {
        long root = root(UndoRow.TREE);
        return root == PageHeader.NO_PAGE ? Optional.empty() : trees.cell(root, undoKey);
    }

    @Override
    public byte[] overflow(Cell cell) {
        return trees.overflow(cell, Use.POINT);
    }
}
