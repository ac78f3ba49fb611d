package io.tidemark.engine;

import io.tidemark.engine.StorageEngine.Row;
import io.tidemark.engine.StorageEngine.Scan;
import io.tidemark.engine.btree.Catalog;
import io.tidemark.engine.btree.TreeReader;
import io.tidemark.engine.buffer.Use;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.page.PageHeader;
import io.tidemark.engine.state.Trees.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Records as readers see them. Any thread. */
final class Reader {
    /** The writer waits while a piece of a scan is read: so much at a time. */
    private static final int ROWS_MAX = 10_000;

    private static final long BYTES_MAX = 8 << 20;

    private final Gate gate;
    private final Catalog catalog;
    private final TreeReader trees;
    private final LongSupplier applied;

    Reader(Gate gate, Catalog catalog, TreeReader trees, LongSupplier applied) {
        this.gate = gate;
        this.catalog = catalog;
        this.trees = trees;
        this.applied = applied;
    }

    Optional<Row> get(String tree, byte[] key) {
        return gate.read(() -> {
            long root = catalog.root(tree);
            long lsn = applied.getAsLong();
            return root == PageHeader.NO_PAGE
                    ? Optional.empty()
                    : trees.get(root, key).map(stored -> new Row(key, stored.value(), stored.version(), lsn));
        });
    }

    Scan scan(String tree, byte[] from, byte[] to, int limitRows, long limitBytes) {
        if (limitRows < 1) {
            throw new TidemarkException(ErrorKind.INVALID, "a scan returns at least 1 row, not " + limitRows);
        }
        return gate.read(() -> {
            Page page = new Page(Math.min(limitRows, ROWS_MAX), Math.min(limitBytes, BYTES_MAX));
            long root = catalog.root(tree);
            if (root != PageHeader.NO_PAGE) {
                trees.scan(
                        root, from, to, (key, leaf, slot) -> page.add(key, () -> trees.stored(leaf, slot, Use.SCAN)));
            }
            return new Scan(page.rows, page.nextKey, page.lsn);
        });
    }

    /** Rows of one piece of a scan, as they come in. */
    private final class Page {
        private final int limitRows;
        private final long limitBytes;
        private final long lsn = applied.getAsLong();
        private final List<Row> rows = new ArrayList<>();
        private long bytes;
        private byte[] nextKey;

        Page(int limitRows, long limitBytes) {
            this.limitRows = limitRows;
            this.limitBytes = limitBytes;
        }

        boolean add(byte[] key, Supplier<Stored> stored) {
            if (rows.size() == limitRows || (bytes >= limitBytes && !rows.isEmpty())) {
                nextKey = key;
                return false;
            }
            Stored record = stored.get();
            rows.add(new Row(key, record.value(), record.version(), lsn));
            bytes += key.length + record.value().length;
            return true;
        }
    }
}
