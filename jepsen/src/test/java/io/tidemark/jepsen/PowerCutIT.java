package io.tidemark.jepsen;

import io.tidemark.jepsen.cluster.Cluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/** All processes end at the same instant, again and again, under load: every acknowledged write is there. */
@EnabledIfSystemProperty(named = "tidemark.long", matches = "true")
class PowerCutIT {

    private static final int CUTS = 30;

    @RegisterExtension
    final Arena arena = new Arena();

    @Test
    void everythingAcknowledgedSurvivesPowerCutsOfAllNodes() {
        Cluster cluster = arena.up();
        Chains chains = Chains.begin(arena, cluster, "chain/", 16, 500);
        for (int cut = 0; cut < CUTS; cut++) {
            chains.awaitMore(300);
            cluster.kill(cluster.names().toArray(String[]::new));
            cluster.names().forEach(cluster::start);
            cluster.awaitAllReady();
        }
        chains.awaitMore(100);
        chains.awaitClear();
        chains.stop();
        chains.assertKept(cluster);
        arena.assertWhole(cluster);
        arena.report("%d cuts, %d writes acknowledged and kept", CUTS, chains.acknowledged());
    }
}
