package io.tidemark.shipper.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.io.KilledCommitter;
import io.tidemark.engine.io.RealDisk;
import io.tidemark.shipper.segment.SegmentName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real LMDB, its process killed in the middle of commits (rule P4). */
class LmdbTierCatalogKillIT {
    private static final int KILLS = 3;
    private static final int ROWS = 40;

    @TempDir
    Path directory;

    /** The process that is killed: commits for ever, and tells the number of each commit that returned. */
    public static final class Committer {
        private Committer() {}

        public static void main(String[] args) {
            try (TierCatalog catalog = open(Path.of(args[0]))) {
                for (long commit = catalog.state().promotions() + 1; ; commit++) {
                    List<SegmentRow> rows = new ArrayList<>();
                    for (int i = 0; i < ROWS; i++) {
                        rows.add(SegmentRow.inS3(new SegmentName("h", i, i), commit, commit));
                    }
                    long gone = ROWS + commit - 1;
                    rows.add(SegmentRow.inS3(new SegmentName("h", gone + 1, gone + 1), commit, commit));
                    List<SegmentName> removed = List.of(new SegmentName("h", gone, gone));
                    catalog.commit(rows, removed, new CatalogState(0, commit, 0));
                    System.out.println(commit);
                }
            }
        }
    }

    private static TierCatalog open(Path directory) {
        LmdbTierCatalog.Opened opened = LmdbTierCatalog.open(new RealDisk(), directory, 64 << 20);
        if (opened.anew()) {
            throw new AssertionError("a kill is no damage");
        }
        return opened.catalog();
    }

    @Test
    void p4_aKilledProcessLeavesTheLastCommitOfTheCatalogOrTheOneUnderWay() throws Exception {
        Random random = new Random(5);
        long last = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            long told = KilledCommitter.run(Committer.class, directory, 5 + random.nextInt(30));
            try (TierCatalog catalog = open(directory)) {
                long committed = catalog.state().promotions();
                assertTrue(committed >= told && told > last, committed + " after " + told + " was told");
                last = committed;
                List<SegmentRow> rows = new ArrayList<>();
                catalog.forEach(rows::add);
                assertEquals(ROWS + 1, rows.size());
                rows.forEach(row -> assertEquals(committed, row.bytes(), row.toString()));
            }
        }
    }
}
