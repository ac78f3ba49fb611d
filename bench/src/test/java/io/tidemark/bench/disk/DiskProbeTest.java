package io.tidemark.bench.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.bench.disk.DiskProbe.DiskRate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskProbeTest {
    @Test
    void aDiskSyncsAndIsLeftAsItWas(@TempDir Path directory) throws IOException {
        DiskRate rate = new DiskProbe(System::nanoTime, directory).probe(4096, 3, Duration.ofMillis(200));
        assertTrue(rate.syncsPerSecond() > 0, "syncs " + rate.syncsPerSecond());
        assertTrue(rate.microsAt(50) > 0 && rate.microsAt(99) >= rate.microsAt(50));
        try (var files = Files.list(directory)) {
            assertEquals(0, files.count());
        }
    }
}
