package io.tidemark.jepsen.workload;

import io.tidemark.jepsen.checker.AcknowledgedWrites;
import io.tidemark.jepsen.cluster.Waiting;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** A store in memory that is right, or wrong in exactly one way: the harness has to see which. */
final class FakeStore implements Registers.Opener {

    enum Bug {
        NONE,
        /** Some acknowledged writes never happen. */
        LOSES_WRITES,
        /** Some writes happen again a little later. */
        APPLIES_TWICE,
        /** Some reads see the value before the last. */
        READS_STALE,
        /** Conditions are sometimes not looked at. */
        IGNORES_CONDITIONS,
        /** Some calls are done but end unclear: no bug, and no alarm either. */
        LOSES_ANSWERS
    }

    private record Cell(String value, String version, String valueBefore, String versionBefore) {}

    private final Bug bug;
    private final Random random;
    private final Map<String, Cell> cells = new HashMap<>();
    private long lsn;
    private Runnable again = () -> {};

    FakeStore(Bug bug, long seed) {
        this.bug = bug;
        this.random = new Random(seed);
    }

    synchronized Map<String, AcknowledgedWrites.Row> rows() {
        Map<String, AcknowledgedWrites.Row> rows = new HashMap<>();
        cells.forEach((key, cell) ->
                rows.put(key, new AcknowledgedWrites.Row(ChainWorkload.token(cell.value), cell.version)));
        return rows;
    }

    private boolean now(Bug wanted) {
        return bug == wanted && random.nextInt(20) == 0;
    }

    private synchronized Registers.Answer seen(String key) {
        Cell cell = cells.getOrDefault(key, new Cell(null, null, null, null));
        return now(Bug.READS_STALE)
                ? Registers.Answer.seen(cell.valueBefore, cell.versionBefore)
                : Registers.Answer.seen(cell.value, cell.version);
    }

    private synchronized Registers.Answer put(String key, String value, boolean conditional, String expected) {
        again.run();
        again = () -> {};
        Cell cell = cells.getOrDefault(key, new Cell(null, null, null, null));
        if (conditional && !Objects.equals(cell.version, expected) && !now(Bug.IGNORES_CONDITIONS)) {
            return Registers.Answer.of(Registers.End.CONDITION_FAILED, null);
        }
        String version = ++lsn + ".0";
        if (!now(Bug.LOSES_WRITES)) {
            cells.put(key, new Cell(value, version, cell.value, cell.version));
        }
        if (now(Bug.APPLIES_TWICE)) {
            again = () -> cells.put(key, new Cell(value, ++lsn + ".0", cell.value, cell.version));
        }
        return now(Bug.LOSES_ANSWERS)
                ? Registers.Answer.of(Registers.End.UNKNOWN, "planted")
                : Registers.Answer.written(version);
    }

    @Override
    public Registers open(int process) {
        return new Registers() {
            @Override
            public Answer read(String key) {
                Answer answer = seen(key);
                Waiting.pause(Duration.ofNanos(50_000)); // on its way back, while others write
                return answer;
            }

            @Override
            public Answer write(String key, String value) {
                return put(key, value, false, null);
            }

            @Override
            public Answer swap(String key, String expectedVersion, String value) {
                return put(key, value, true, expectedVersion);
            }

            @Override
            public void close() {
                // nothing is held
            }
        };
    }
}
