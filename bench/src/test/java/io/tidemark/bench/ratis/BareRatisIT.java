package io.tidemark.bench.ratis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.bench.Main;
import io.tidemark.bench.cluster.Comparison;
import io.tidemark.bench.cluster.Comparison.Outcome;
import io.tidemark.bench.cluster.Plan;
import io.tidemark.bench.cluster.Result;
import io.tidemark.bench.disk.DiskProbe;
import io.tidemark.bench.load.ClosedLoop.Window;
import io.tidemark.bench.load.Target.Node;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

@EnabledIfSystemProperty(named = "tidemark.long", matches = "true")
class BareRatisIT {
    @Test
    void threeServersTakeWritesAndEndWithTheMeasurement(@TempDir Path directory) {
        Plan plan = new Plan(
                List.of(128, 1 << 20),
                List.of(1, 16),
                1,
                Duration.ofMillis(500),
                new Window(Duration.ofMillis(100), Duration.ofMillis(400)),
                Duration.ofMillis(50),
                Duration.ofSeconds(60));
        List<Node> servers;
        try (BareRatis cluster =
                BareRatis.start(new BareRatis.Options(directory, false, List.of("-Xmx512m"), Main.class))) {
            servers = cluster.nodes();
            DiskProbe disk = new DiskProbe(System::nanoTime, directory);
            Outcome outcome = new Comparison(System::nanoTime, plan, disk, line -> {}).run(List.of(cluster));
            assertEquals(4, outcome.results().size());
            for (Result result : outcome.results()) {
                assertNull(result.failure());
                assertTrue(result.measurement().writes() > 0, result.workload() + " wrote nothing");
                assertEquals(
                        0, result.measurement().failures(), result.measurement().firstFailure());
                assertEquals(3, result.residentBytes().size());
            }
            assertTrue(servers.contains(cluster.leader()));
        }
        for (Node server : servers) {
            assertFalse(
                    ProcessHandle.of(server.pid()).map(ProcessHandle::isAlive).orElse(false), server + " still runs");
        }
    }
}
