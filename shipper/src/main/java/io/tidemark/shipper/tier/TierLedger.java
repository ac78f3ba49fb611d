package io.tidemark.shipper.tier;

import io.tidemark.shipper.catalog.CatalogState;
import io.tidemark.shipper.catalog.SegmentRow;
import io.tidemark.shipper.catalog.TierCatalog;
import io.tidemark.shipper.segment.SegmentName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * The catalog, what it sums up to, and the reads that are not in it yet: those are written together, now and then, and lost
 * with the process. Thread-safe; whoever changes rows sees to it that nobody else does meanwhile.
 */
final class TierLedger {
    /** Segments whose reads are not in the catalog yet; past that they are written. */
    static final int UNWRITTEN_MAX = 4_096;

    private static final int ROWS_PER_COMMIT = 1_000;

    private final TierCatalog catalog;
    private final Map<SegmentName, Reads> unwritten = new HashMap<>();
    private final long[] segments = new long[3];
    private final long[] bytes = new long[3];
    private long localBytes;

    private record Reads(long count, long firstMillis, long lastMillis) {}

    TierLedger(TierCatalog catalog) {
        this.catalog = catalog;
        catalog.forEach(row -> count(row, 1));
    }

    private void count(SegmentRow row, int sign) {
        int tier = row.tier().ordinal();
        segments[tier] += sign;
        bytes[tier] += sign * Math.max(0, row.bytes());
        localBytes += row.local() ? sign * SegmentFiles.bytesOnDisk(row.bytes()) : 0;
    }

    /** The row, with the reads that are not in the catalog yet. */
    synchronized Optional<SegmentRow> row(SegmentName name) {
        return catalog.row(name).map(this::withReads);
    }

    private SegmentRow withReads(SegmentRow row) {
        Reads reads = unwritten.get(row.name());
        return reads == null ? row : row.read(reads.count, reads.firstMillis, reads.lastMillis);
    }

    /** Rows in order of their keys, as they are in the catalog. */
    void forEach(Consumer<SegmentRow> visitor) {
        catalog.forEach(visitor);
    }

    synchronized CatalogState state() {
        return catalog.state();
    }

    synchronized TierStats stats() {
        CatalogState state = catalog.state();
        return new TierStats(segments.clone(), bytes.clone(), localBytes, state.promotions(), state.demotions());
    }

    synchronized long localBytes() {
        return localBytes;
    }

    /** Notes a read; true when it is time to write what was noted. */
    synchronized boolean read(SegmentName name, long nowMillis) {
        unwritten.merge(
                name,
                new Reads(1, nowMillis, nowMillis),
                (a, b) -> new Reads(a.count + b.count, a.firstMillis, b.lastMillis));
        return unwritten.size() >= UNWRITTEN_MAX;
    }

    synchronized List<SegmentName> unwritten() {
        return List.copyOf(unwritten.keySet());
    }

    /**
     * Commits rows, those of equal names replaced, with what was read of them; promotions and demotions are counted.
     *
     * @param edit the state to be committed with them
     */
    synchronized void commit(List<SegmentRow> rows, List<SegmentName> removed, UnaryOperator<CatalogState> edit) {
        List<SegmentRow> after = new ArrayList<>();
        List<SegmentRow> before = new ArrayList<>();
        long up = 0;
        long down = 0;
        for (SegmentRow row : rows) {
            Optional<SegmentRow> old = catalog.row(row.name());
            old.ifPresent(before::add);
            after.add(row);
            int distance =
                    old.map(o -> o.tier().ordinal() - row.tier().ordinal()).orElse(0);
            up += distance > 0 ? 1 : 0;
            down += distance < 0 ? 1 : 0;
        }
        removed.forEach(name -> catalog.row(name).ifPresent(before::add));
        catalog.commit(after, removed, edit.apply(catalog.state()).moved(up, down));
        before.forEach(row -> count(row, -1));
        after.forEach(row -> count(row, 1));
        rows.forEach(row -> unwritten.remove(row.name()));
        removed.forEach(unwritten::remove);
    }

    synchronized void commit(SegmentRow row) {
        commit(List.of(row), List.of(), state -> state);
    }

    /** Commits many, some at a time. */
    void commitAll(List<SegmentRow> rows) {
        for (int from = 0; from < rows.size(); from += ROWS_PER_COMMIT) {
            commit(rows.subList(from, Math.min(rows.size(), from + ROWS_PER_COMMIT)), List.of(), state -> state);
        }
    }

    void close() {
        catalog.close();
    }
}
