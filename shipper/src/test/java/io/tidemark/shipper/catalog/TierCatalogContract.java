package io.tidemark.shipper.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.shipper.segment.SegmentName;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What every tier catalog does (rule P4); run for each implementation. */
abstract class TierCatalogContract {
    static final String HISTORY = "6f9619ff-8b86-d011-b42d-00cf4fc964ff";

    /** Opens the catalog of this test; what an earlier one committed is there. */
    abstract TierCatalog open();

    static SegmentName name(long first) {
        return new SegmentName(HISTORY, first, first + 9);
    }

    static SegmentRow cold(long first, long bytes) {
        return SegmentRow.inS3(name(first), bytes, 1_000 + first);
    }

    static SegmentRow hot(long first, long bytes) {
        return cold(first, bytes).kept(bytes, String.format("%064x", first * 31 + bytes), 2_000 + bytes);
    }

    static List<SegmentRow> rows(TierCatalog catalog) {
        List<SegmentRow> rows = new ArrayList<>();
        catalog.forEach(rows::add);
        return rows;
    }

    @Test
    void aNewCatalogIsEmpty() {
        try (TierCatalog catalog = open()) {
            assertEquals(CatalogState.EMPTY, catalog.state());
            assertEquals(List.of(), rows(catalog));
            assertTrue(catalog.row(name(0)).isEmpty());
        }
    }

    @Test
    void p4_aCommitIsThereAsAWholeAfterReopening() {
        SegmentRow all = hot(20, 700).moved(Tier.WARM).read(3, 5_000, 6_000).keptUntil(Long.MAX_VALUE);
        try (TierCatalog catalog = open()) {
            catalog.commit(List.of(cold(30, -1), hot(10, 500)), List.of(), new CatalogState(30, 0, 0));
            catalog.commit(List.of(all, hot(10, 501)), List.of(name(30), name(77)), new CatalogState(30, 1, 2));
            catalog.commit(List.of(), List.of(), new CatalogState(31, 1, 2));
        }
        try (TierCatalog catalog = open()) {
            assertEquals(new CatalogState(31, 1, 2), catalog.state());
            assertEquals(List.of(hot(10, 501), all), rows(catalog));
            assertEquals(all, catalog.row(name(20)).orElseThrow());
            assertTrue(catalog.row(name(30)).isEmpty());
        }
    }

    @Test
    void rowsComeInOrderOfTheirKeysAndMatchAModel() {
        Random random = new Random(42);
        TreeMap<String, SegmentRow> model = new TreeMap<>();
        TierCatalog catalog = open();
        for (int commit = 1; commit <= 60; commit++) {
            TreeMap<String, SegmentRow> changed = new TreeMap<>();
            List<SegmentName> removed = new ArrayList<>();
            for (int i = random.nextInt(30); i > 0; i--) {
                long first = random.nextInt(300);
                SegmentRow row = random.nextBoolean() ? cold(first, commit) : hot(first, commit);
                changed.put(row.name().key(), row);
            }
            for (int i = random.nextInt(5); i > 0; i--) {
                SegmentName name = name(random.nextInt(300));
                if (!changed.containsKey(name.key()) && !removed.contains(name)) {
                    removed.add(name);
                }
            }
            catalog.commit(List.copyOf(changed.values()), removed, new CatalogState(commit, 0, commit));
            model.putAll(changed);
            removed.forEach(name -> model.remove(name.key()));
            if (commit % 20 == 0) {
                catalog.close();
                catalog = open();
            }
            assertEquals(List.copyOf(model.values()), rows(catalog));
        }
        catalog.close();
    }
}
