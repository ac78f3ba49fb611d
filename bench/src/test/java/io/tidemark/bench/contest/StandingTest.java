package io.tidemark.bench.contest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.bench.contest.Standing.Spread;
import io.tidemark.bench.peer.Memory;
import io.tidemark.bench.peer.Peer;
import io.tidemark.bench.trial.Figure;
import io.tidemark.bench.trial.Row;
import io.tidemark.bench.trial.Usage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StandingTest {
    private static final Scenario SCENARIO = new Scenario("in memory", new Memory(16 << 20), 1 << 20, 100);

    private final List<Result> results = new ArrayList<>();

    @Test
    void ratiosAreTakenWithinARound() {
        // The second round is ten times slower for both, as when somebody else uses the machine.
        add(1, Peer.ROCKSDB, Row.OVERWRITE, 1000);
        add(1, Peer.TIDEMARK, Row.OVERWRITE, 500);
        add(2, Peer.ROCKSDB, Row.OVERWRITE, 100);
        add(2, Peer.TIDEMARK, Row.OVERWRITE, 60);
        add(3, Peer.ROCKSDB, Row.OVERWRITE, 1000);
        add(3, Peer.TIDEMARK, Row.OVERWRITE, 900);
        Standing standing = standing(Row.OVERWRITE);
        assertEquals(Peer.ROCKSDB, standing.best().orElseThrow());
        assertEquals(new Spread(0.5, 0.6, 0.9, 3), standing.ratio(Peer.TIDEMARK).orElseThrow());
        assertEquals(new Spread(1, 1, 1, 3), standing.ratio(Peer.ROCKSDB).orElseThrow());
        assertTrue(standing.ratio(Peer.LMDB).isEmpty());
    }

    @Test
    void aRoundThatTheBestMissedSaysNothing() {
        add(1, Peer.ROCKSDB, Row.DELETE, 1000);
        add(1, Peer.JE, Row.DELETE, 100);
        add(2, Peer.JE, Row.DELETE, 700);
        assertEquals(
                new Spread(0.1, 0.1, 0.1, 1),
                standing(Row.DELETE).ratio(Peer.JE).orElseThrow());
    }

    @Test
    void theFastestToReopenIsBest() {
        add(1, Peer.TIDEMARK, Row.REOPEN_KILLED, 4); // a quarter of a second
        add(1, Peer.LMDB, Row.REOPEN_KILLED, 8);
        Standing standing = standing(Row.REOPEN_KILLED);
        assertEquals(Peer.LMDB, standing.best().orElseThrow());
        assertEquals(0.5, standing.ratio(Peer.TIDEMARK).orElseThrow().median(), 1e-9);
    }

    private void add(int round, Peer peer, Row row, long perSecond) {
        long operations = row.isRate() ? perSecond : 1;
        long nanos = row.isRate() ? 1_000_000_000 : 1_000_000_000 / perSecond;
        results.add(
                new Result(round, SCENARIO, peer, new Figure(row, operations, nanos, new Usage(0, 0, 0), 0, -1, "")));
    }

    private Standing standing(Row row) {
        return new Standing(new Outcome(results, List.of(), List.of(), List.of(), 1), SCENARIO, row);
    }
}
