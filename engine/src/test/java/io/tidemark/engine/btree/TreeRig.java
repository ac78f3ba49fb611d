package io.tidemark.engine.btree;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.buffer.ActiveReaders;
import io.tidemark.engine.buffer.BufferPool;
import io.tidemark.engine.buffer.EntryPages;
import io.tidemark.engine.buffer.ReadTimes;
import io.tidemark.engine.buffer.Use;
import io.tidemark.engine.log.Version;
import io.tidemark.engine.state.Trees;
import io.tidemark.engine.store.NoDisk;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Trees over a pool that holds them whole: no log, no disk, no engine. */
final class TreeRig {
    static final String TREE = "rows";
    static final int PAGE_BYTES = 1024;

    /** Pages of a store with one empty tree: the meta page, the catalog, the root. */
    static final int EMPTY_PAGES = 3;

    private static final int MAX_ENTRY_PAGES = 4000;
    private static final long POOL_BYTES = 16 << 20;
    private static final int VERSIONS_MAX = 100;

    final BufferPool pool = new BufferPool(
            new NoDisk(),
            PAGE_BYTES,
            POOL_BYTES,
            VERSIONS_MAX,
            ActiveReaders.NONE,
            new ReadTimes(System::nanoTime),
            new MetricRegistry());
    final PageAllocator allocator;
    final EntryTrees trees;

    final EntryPages pages = new EntryPages(pool, ActiveReaders.NONE, MAX_ENTRY_PAGES);
    private final PageWriter writer = new PageWriter(pages);
    private long lsn;

    TreeRig() {
        allocator = new PageAllocator(writer, MAX_ENTRY_PAGES);
        trees = new EntryTrees(pages, Catalog.EMPTY, writer, allocator);
    }

    /** What an entry does to the trees. */
    interface Change {
        void to(Trees trees, Version version);
    }

    /** Applies one entry; returns its redo bytes. */
    int entry(Change change) {
        writer.begin(lsn, 0, true);
        change.to(trees, new Version(lsn, 0));
        allocator.store();
        pages.complete();
        lsn++;
        return writer.redo().length();
    }

    void put(String key, String value) {
        entry((trees, version) -> trees.put(TREE, bytes(key), bytes(value), version));
    }

    boolean delete(String key) {
        boolean[] deleted = new boolean[1];
        entry((trees, version) -> deleted[0] = trees.delete(TREE, bytes(key)));
        return deleted[0];
    }

    /** One entry; checks that it changed no more pages than it was told, the meta page not counted. */
    Optional<byte[]> deleteRange(byte[] from, byte[] to, int budget) {
        List<Optional<byte[]>> next = new ArrayList<>();
        entry((trees, version) -> {
            next.add(trees.deleteRange(TREE, from, to, budget));
            assertTrue(pages.size() <= budget, pages.size() + " pages of " + budget);
        });
        return next.get(0);
    }

    TreeCursor cursor() {
        return new TreeCursor(pages, trees.catalog().root(TREE), Use.SCAN);
    }

    StructureCheck.Report check() {
        return StructureCheck.run(pages, allocator, trees.catalog(), lsn).requireWhole();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
