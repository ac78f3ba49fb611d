package io.tidemark.jepsen;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.jepsen.checker.Limits;
import io.tidemark.jepsen.checker.RegisterChecker;
import io.tidemark.jepsen.checker.Verdict;
import io.tidemark.jepsen.cluster.Cluster;
import io.tidemark.jepsen.cluster.Waiting;
import io.tidemark.jepsen.history.Event;
import io.tidemark.jepsen.history.Recorder;
import io.tidemark.jepsen.nemesis.NodeNemesis;
import io.tidemark.jepsen.nemesis.Siege;
import io.tidemark.jepsen.workload.ClientRegisters;
import io.tidemark.jepsen.workload.RegisterWorkload;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Registers that many clients read and write through all nodes behave as one, while nodes are killed and paused. */
class LinearizabilityIT {

    private static final int STRIKES = Arena.LONG ? 100 : 4;

    @RegisterExtension
    final Arena arena = new Arena();

    @Test
    void registersStayLinearizableUnderKillsAndPauses() {
        Cluster cluster = arena.up();
        Recorder history = arena.history();
        RegisterWorkload workload = arena.closing(
                new RegisterWorkload(history, ClientRegisters.on(cluster.endpoints(), Duration.ofSeconds(15))));
        workload.begin(8, 1);
        Siege siege = Siege.begin(
                history,
                List.of(
                        new NodeNemesis(cluster, NodeNemesis.Blow.PAUSE, new Random(1)),
                        new NodeNemesis(cluster, NodeNemesis.Blow.KILL, new Random(2))),
                Duration.ofSeconds(3),
                Duration.ofSeconds(1));
        Waiting.until(STRIKES + " strikes", Duration.ofMinutes(STRIKES), siege::strikes, n -> n >= STRIKES);
        siege.lift();
        workload.stop();
        Verdict verdict = new RegisterChecker().check(history.history(), Limits.standard());
        assertTrue(verdict.valid(), verdict.message());
        double unclear = history.counts().infoShare();
        assertTrue(unclear <= 0.1, "too many unclear answers: " + unclear);
        assertTrue(history.count(Event.Type.OK) > 500, "too few calls were answered");
        arena.assertWhole(cluster);
        arena.report(
                "%d operations under %d strikes, %.1f %% unclear: %s",
                history.counts().invoked(), siege.strikes(), 100 * unclear, verdict.message());
    }
}
