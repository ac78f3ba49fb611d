package io.tidemark.engine.btree;

import io.tidemark.engine.buffer.Frame;
import io.tidemark.engine.buffer.PageSource;
import io.tidemark.engine.buffer.Use;
import io.tidemark.engine.log.Version;
import io.tidemark.engine.page.Cell;
import io.tidemark.engine.page.PageHeader;
import io.tidemark.engine.page.PageType;
import io.tidemark.engine.state.Trees;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.BiPredicate;

/** The trees as the entry in flight sees and changes them. Applying thread only. */
public final class EntryTrees implements Trees {
    private final PageWriter writer;
    private final PageAllocator allocator;
    private final TreeReader reader;
    private final TreeEditor editor;
    private Catalog catalog;

    public EntryTrees(PageSource pages, Catalog catalog, PageWriter writer, PageAllocator allocator) {
        this.catalog = catalog;
        this.writer = writer;
        this.allocator = allocator;
        this.reader = new TreeReader(pages);
        this.editor = new TreeEditor(pages, writer, allocator);
    }

    /** The trees that there are, with what the entry in flight has changed. */
    public Catalog catalog() {
        return catalog;
    }

    @Override
    public Optional<Version> version(String tree, byte[] key) {
        long root = catalog.root(tree);
        return root == PageHeader.NO_PAGE ? Optional.empty() : reader.version(root, key);
    }

    @Override
    public Optional<Stored> get(String tree, byte[] key) {
        long root = catalog.root(tree);
        return root == PageHeader.NO_PAGE ? Optional.empty() : reader.get(root, key);
    }

    @Override
    public void put(String tree, byte[] key, byte[] value, Version version) {
        long root = catalog.root(tree);
        editor.put(root == PageHeader.NO_PAGE ? create(tree, version) : root, key, value, version);
    }

    @Override
    public boolean delete(String tree, byte[] key) {
        long root = catalog.root(tree);
        return root != PageHeader.NO_PAGE && editor.delete(root, key);
    }

    @Override
    public Optional<byte[]> deleteRange(String tree, byte[] from, byte[] to, int pageBudget) {
        long root = catalog.root(tree);
        return root == PageHeader.NO_PAGE
                ? Optional.empty()
                : Optional.ofNullable(editor.deleteRange(root, from, to, pageBudget));
    }

    @Override
    public void scan(String tree, byte[] from, byte[] to, BiPredicate<byte[], byte[]> visitor) {
        long root = catalog.root(tree);
        if (root != PageHeader.NO_PAGE) {
            reader.scan(
                    root,
                    from,
                    to,
                    (key, leaf, slot) -> visitor.test(
                            key, reader.stored(leaf, slot, Use.SCAN).value()));
        }
    }

    @Override
    public Optional<Cell> cell(String tree, byte[] key) {
        long root = catalog.root(tree);
        return root == PageHeader.NO_PAGE ? Optional.empty() : reader.cell(root, key);
    }

    @Override
    public Cell make(byte[] key, byte[] head, byte[] value, Version version) {
        if (!allocator.exists()) {
            allocator.create();
        }
        return editor.cell(key, head, value, version);
    }

    @Override
    public void put(String tree, byte[] key, Cell cell) {
        long root = catalog.root(tree);
        editor.put(root == PageHeader.NO_PAGE ? create(tree, cell.version()) : root, key, cell);
    }

    @Override
    public boolean take(String tree, byte[] key) {
        long root = catalog.root(tree);
        return root != PageHeader.NO_PAGE && editor.remove(root, key);
    }

    @Override
    public byte[] overflow(Cell cell) {
        return reader.overflow(cell, Use.POINT);
    }

    @Override
    public void free(Cell cell) {
        editor.free(cell);
    }

    private long create(String tree, Version version) {
        if (!allocator.exists()) {
            allocator.create();
        }
        Frame root = allocator.allocate();
        writer.format(root, PageType.LEAF, 0);
        byte[] id = ByteBuffer.allocate(Long.BYTES).putLong(root.pageId()).array();
        editor.put(allocator.catalogRoot(), Catalog.key(tree), id, version);
        catalog = catalog.with(tree, root.pageId());
        return root.pageId();
    }
}
