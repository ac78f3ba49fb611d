package io.tidemark.bench.contest;

import io.tidemark.bench.peer.Peer;
import io.tidemark.bench.trial.Row;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What is measured.
 *
 * @param rounds turns of each engine
 * @param window length of a row that is no fill
 * @param warmUp before each row
 * @param processWarmUp longest, before the first row of a process
 * @param fillLimit longest fill
 * @param limit longest run of everything; the trial in progress is still finished
 * @param seed of keys and values
 */
public record ContestPlan(
        List<Peer> peers,
        Set<Row> rows,
        List<Scenario> scenarios,
        int rounds,
        Duration window,
        Duration warmUp,
        Duration processWarmUp,
        Duration fillLimit,
        Duration limit,
        long seed) {
    public ContestPlan {
        peers = List.copyOf(peers);
        scenarios = List.copyOf(scenarios);
        if (peers.isEmpty() || rows.isEmpty() || scenarios.isEmpty() || rounds < 1) {
            throw new IllegalArgumentException("a contest has engines, rows, scenarios and at least one round");
        }
    }
}
