package io.tidemark.jepsen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.jepsen.cluster.Cluster;
import io.tidemark.jepsen.cluster.CommandLine;
import io.tidemark.jepsen.cluster.Trees;
import io.tidemark.jepsen.cluster.Waiting;
import io.tidemark.jepsen.nemesis.NodeNemesis;
import io.tidemark.jepsen.nemesis.Siege;
import io.tidemark.jepsen.workload.FileTree;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A real tree goes in while nodes are killed, the leader first, and comes out as it was. */
@EnabledIfSystemProperty(named = "tidemark.long", matches = "true")
class LoadUnderKillsIT {

    private static final int FILES_MIN = 5_000;
    private static final int KILLS_MIN = 20;
    private static final Duration LOAD_BOUND = Duration.ofMinutes(20);

    @RegisterExtension
    final Arena arena = new Arena();

    @Test
    void aTreeIsLoadedWhileNodesAreKilled() {
        int files = FileTree.make(arena.path("tree"), FILES_MIN, 400_000_000L, 1);
        assertTrue(files >= FILES_MIN, files + " files");
        Cluster cluster = arena.up();
        Chains chains = Chains.begin(arena, cluster, "chain/", 2, 100);
        Siege siege = Siege.begin(
                chains.history(),
                List.of(new NodeNemesis(cluster, NodeNemesis.Blow.KILL, new Random(1))),
                Duration.ofMillis(500),
                Duration.ofMillis(500));
        int loads = 0;
        do {
            load(cluster);
            loads++;
        } while (siege.strikes() < KILLS_MIN);
        siege.lift();
        chains.stop();
        cluster.awaitAllReady();
        export(cluster);
        assertEquals(List.of(), Trees.differences(arena.path("tree"), arena.path("exported")));
        chains.assertKept(cluster);
        arena.assertWhole(cluster);
        arena.report(
                "%d files loaded %d times under %d kills, %d chained writes kept",
                files, loads, siege.strikes(), chains.acknowledged());
    }

    private void load(Cluster cluster) {
        try (CommandLine.Running load = arena.commands()
                .begin(
                        "load",
                        arena.path("tree").toString(),
                        "--dir",
                        cluster.directory().toString())) {
            Waiting.until("load ended", LOAD_BOUND, load::alive, alive -> !alive);
            load.await(Duration.ofSeconds(1)).expectDone();
        }
    }

    private void export(Cluster cluster) {
        arena.commands()
                .run(
                        Cluster.PATIENCE,
                        "export",
                        "--to",
                        arena.path("exported").toString(),
                        "--dir",
                        cluster.directory().toString())
                .expectDone();
    }
}
