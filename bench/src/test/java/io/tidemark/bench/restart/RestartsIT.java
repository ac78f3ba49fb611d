package io.tidemark.bench.restart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.bench.Main;
import io.tidemark.bench.peer.Memory;
import io.tidemark.bench.report.Machine;
import io.tidemark.bench.report.RestartReport;
import io.tidemark.bench.restart.Restarts.Restart;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process killed with WAL that no checkpoint covers: the next one redoes it and finds every row. */
class RestartsIT {
    private static final long MIB = 1 << 20;

    @TempDir
    Path directory;

    @Test
    void aKilledStoreComesBackWholeAndSaysWhatItTook() throws IOException {
        RestartCase restart = new RestartCase(directory.resolve("wal"), MIB, 1024, MIB, new Memory(16 * MIB));
        List<Restart> restarts = new Restarts(Main.class, Duration.ofMinutes(2)).run(restart, found -> {});
        assertTrue(restarts.get(0).cached());
        for (Restart found : restarts) {
            assertTrue(found.seconds() > 0);
            assertTrue(found.walBytes() >= MIB && found.blocks() >= 1000, found::toString);
            assertEquals(restart.records(), found.rows());
        }
        String page = new RestartReport(restarts, Machine.here(), LocalDate.of(2026, 11, 20)).markdown();
        assertTrue(page.contains("| 1 MiB of data, WAL since | cached |"), page);
    }
}
