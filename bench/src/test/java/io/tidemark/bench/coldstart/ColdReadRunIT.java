package io.tidemark.bench.coldstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

@EnabledIfSystemProperty(named = "tidemark.long", matches = "true")
class ColdReadRunIT {
    @TempDir
    private Path directory;

    @Test
    void aPageOfS3TakesLongerThanOneInMemoryAndSomeAreKept() throws IOException {
        ColdReadRun.Plan plan = new ColdReadRun.Plan(100, 10 << 20, 200, 5_000);
        try (TrialHistory made = TrialHistory.make(directory.resolve("made"), 100)) {
            ColdReads reads =
                    new ColdReadRun(System::nanoTime, made, plan, line -> {}).measure(directory.resolve("view"));
            assertEquals(200, reads.cold().getTotalCount());
            assertTrue(reads.cold().getValueAtPercentile(50) > reads.warm().getValueAtPercentile(50), reads.toString());
            assertTrue(reads.hitRate() > 0.3 && reads.hitRate() <= reads.idealHitRate(), reads.toString());
        }
    }
}
