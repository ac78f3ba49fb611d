package io.tidemark.jepsen;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.jepsen.cluster.Cluster;
import io.tidemark.jepsen.cluster.CommandLine;
import io.tidemark.jepsen.cluster.Waiting;
import io.tidemark.jepsen.fault.SmallDisk;
import io.tidemark.jepsen.history.Event;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The disk fills up, first below the reserve, then to its last byte: refused, never lost; and it ends when there is room. */
@EnabledIfSystemProperty(named = "tidemark.long", matches = "true")
class FullDiskIT {

    private static final long DISK_BYTES = 900L << 20;
    private static final long BELOW_RESERVE_BYTES = 64L << 20;

    @RegisterExtension
    final Arena arena = new Arena();

    @Test
    void aFullDiskRefusesWritesAndLosesNothing() {
        Optional<SmallDisk> mounted = SmallDisk.mount(arena.path("disk"), DISK_BYTES);
        Assumptions.assumeTrue(mounted.isPresent(), "this machine does not let tests mount a small file system");
        SmallDisk disk = arena.closing(mounted.orElseThrow());
        Cluster cluster = arena.adopt(Cluster.up(disk.directory().resolve("cluster"), arena.commands(), null));
        Chains chains = Chains.begin(arena, cluster, "chain/", 4, 1_000);
        chains.awaitMore(200);

        disk.fill(BELOW_RESERVE_BYTES);
        Waiting.until(
                "writes refused for want of disk",
                Cluster.PATIENCE,
                () -> chains.history().count(Event.Type.FAIL),
                n -> n > 0);
        CommandLine.Result put = arena.commands()
                .run(
                        Duration.ofSeconds(60),
                        "put",
                        "k",
                        "v",
                        "--timeout",
                        "5",
                        "--dir",
                        cluster.directory().toString())
                .expect(1);
        assertTrue(put.err().contains("disk"), put::toString);
        assertFalse(put.err().contains("\tat "), put::toString);
        cluster.names().forEach(n -> assertTrue(cluster.alive(n), n + " did not survive a refusal"));

        disk.fill(0);
        Waiting.pause(Duration.ofSeconds(3));
        disk.free();
        long died = cluster.names().stream().filter(n -> !cluster.alive(n)).count();
        cluster.names().stream().filter(n -> !cluster.alive(n)).forEach(cluster::start);
        cluster.awaitAllReady();
        chains.awaitMore(100);
        chains.stop();
        chains.assertKept(cluster);
        arena.assertWhole(cluster);
        arena.report(
                "%d writes kept, %d refused, %d nodes stopped when not a byte was left",
                chains.acknowledged(), chains.history().count(Event.Type.FAIL), died);
    }
}
