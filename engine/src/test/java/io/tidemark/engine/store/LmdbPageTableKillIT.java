package io.tidemark.engine.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.Halt;
import io.tidemark.engine.io.RealDisk;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
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
            long told = runAndKill(5 + random.nextInt(40));
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

    /** Returns the last commit that the process told of. */
    private long runAndKill(int commits) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Committer.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), US_ASCII))) {
            String line = null;
            for (int i = 0; i < commits; i++) {
                line = out.readLine();
            }
            // Not Process.destroyForcibly, which closes the pipe as well.
            process.toHandle().destroyForcibly();
            // What it said before it died counts too.
            for (String more = out.readLine(); more != null; more = out.readLine()) {
                line = more;
            }
            process.waitFor();
            return Long.parseLong(line);
        } finally {
            process.destroyForcibly();
        }
    }
}
