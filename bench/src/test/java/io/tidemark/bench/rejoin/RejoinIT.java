package io.tidemark.bench.rejoin;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.bench.cluster.TidemarkCluster;
import io.tidemark.bench.rejoin.TroubledStore.Trouble;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

@EnabledIfSystemProperty(named = "tidemark.long", matches = "true")
class RejoinIT {
    @TempDir
    private Path directory;

    @Test
    void aNodeAnswersBeforeItVotesAndVotesBeforeItHasAllPages() {
        try (TidemarkCluster cluster = TidemarkCluster.start(directory.resolve("tidemark"))) {
            Rejoined way =
                    new RejoinRun(System::nanoTime, cluster, line -> {}).measure(10, Trouble.NONE, trouble -> {});
            assertTrue(
                    0 < way.readSeconds()
                            && way.readSeconds() <= way.voterSeconds()
                            && way.voterSeconds() <= way.filledSeconds(),
                    way.toString());
            assertTrue(way.writesPerSecond() > 0, way.toString());
        }
    }
}
