package io.tidemark.engine;

import io.tidemark.engine.StorageEngine.Row;
import io.tidemark.engine.btree.TreeReader;
import io.tidemark.engine.buffer.BufferPool;
import io.tidemark.engine.buffer.PagesAt;
import io.tidemark.engine.buffer.SnapshotHold;
import io.tidemark.engine.buffer.Use;
import io.tidemark.engine.page.PageHeader;
import io.tidemark.engine.state.Trees.Stored;
import java.nio.ByteBuffer;

/** What a reader works with while it has a slot: the pages and the boundary that it sees. One thread at a time. */
final class ReadPlace implements TreeReader.Found<Row> {
    final int slot;
    final PagesAt pages;
    final TreeReader trees;
    private Published boundary;

    ReadPlace(int slot, BufferPool pool) {
        this.slot = slot;
        this.pages = new PagesAt(pool);
        this.trees = new TreeReader(pages);
    }

    void moveTo(Published newBoundary, SnapshotHold hold) {
        boundary = newBoundary;
        pages.moveTo(newBoundary.lsn(), hold);
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
        Stored stored = TreeReader.stored(pages, leaf, at, use);
        return new Row(key, stored.value(), stored.version(), boundary.lsn());
    }
}
