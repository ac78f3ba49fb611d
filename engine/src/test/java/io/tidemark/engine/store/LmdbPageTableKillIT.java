package io.tidemark.engine.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.Halt;
import io.tidemark.engine.io.KilledCommitter;
import io.tidemark.engine.io.RealDisk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real LMDB, its process killed in the middle of commits (rule P4). */
class LmdbPageTableKillIT {
    private static final int KILLS = 5;
    private static final int ROWS = 50;

    @TempDir
    Path directory;

    /** The process that is killed: commits for ever, and tells the number of each commit that returned. */
    public static final class Committer {
        private Committer() {}

        public static void main(String[] args) {
            try (PageTable table = open(Path.of(args[0]))) {
                for (long commit = table.checkpoint().applied() + 1; ; commit++) {
                    List<PageTable.Row> rows = new ArrayList<>();
                    for (int i = 0; i < ROWS; i++) {
                        rows.add(new PageTable.Row(i, commit, commit, i));
                    }
                    rows.add(new PageTable.Row(ROWS + commit, commit, commit, 0));
                    table.commit(rows, new CheckpointRecord(commit, commit, 1, commit));
                    System.out.println(commit);
                }
            }
        }
    }

    private static PageTable open(Path directory) {
        return new LmdbPageTable(new RealDisk(), directory, LmdbPageTable.MAP_BYTES, Halt.THROW);
    }

    @Test
    void p4_aKilledProcessLeavesTheLastCommitOrTheOneUnderWay() throws Exception {
        Random random = new Random(3);
        long last = -1;
        for (int kill = 0; kill < KILLS; kill++) {
            long told = KilledCommitter.run(Committer.class, directory, 5 + random.nextInt(40));
            try (PageTable table = open(directory)) {
                long applied = table.checkpoint().applied();
                assertTrue(applied >= told && told > last, applied + " after " + told + " was told");
                last = applied;
                int[] rows = {0};
                table.forEach(row -> {
                    rows[0]++;
                    assertEquals(row.pageId() < ROWS ? applied : row.pageId() - ROWS, row.slot());
                });
                assertEquals(ROWS + applied + 1, rows[0]);
            }
        }
    }
}
