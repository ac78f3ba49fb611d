package io.tidemark.recovery.hazard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.shipper.store.HazardousS3;
import io.tidemark.shipper.trial.S3Hazard;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every S3 request of a workload meets every S3 hazard, once and for a while: nothing is lost, nothing is there twice, no
 * mark is early, and when the hazard is over all comes to rest. CI plays a share, another one each time; {@code
 * recovery/s3-hazards} plays all, and so does {@code -Dtidemark.long=true}.
 */
class S3HazardTest {
    private static final int STRIDE = Boolean.getBoolean("tidemark.long") ? 1 : 127;

    @TempDir
    Path directory;

    private static void play(HazardousS3 s3, Path directory) throws IOException {
        long seed = System.nanoTime();
        HazardPairs pairs = new HazardPairs(s3, directory);
        assertTrue(pairs.requests() > 60, pairs.requests() + " requests");
        pairs.play(STRIDE, new Random(seed), hazard -> {});
        System.out.println(pairs + ", seed " + seed);
        assertEquals(List.of(), pairs.failures());
        assertEquals(S3Hazard.values().length, pairs.hazardsPlayed(), "hazards played");
    }

    @Test
    void x1_x2_everyRequestToASimulatedS3MeetsEveryHazard() throws IOException {
        try (HazardousS3 s3 = HazardousS3.simulated()) {
            play(s3, directory.resolve("stores"));
        }
    }

    /** Its time-outs take real time; other tests of CI meet a real S3 behind a bad network too. */
    @Test
    @EnabledIfSystemProperty(named = "tidemark.long", matches = "true")
    void x1_x2_requestsToARealS3MeetHazardsOnTheirWay() throws IOException {
        try (HazardousS3 s3 = HazardousS3.real(directory.resolve("s3"))) {
            play(s3, directory.resolve("stores"));
        }
    }
}
