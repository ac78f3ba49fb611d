package io.tidemark.bench.trial;

import io.tidemark.bench.peer.KeyValueEngine;
import io.tidemark.bench.peer.KeyValueEngine.Direction;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Opens the store of a process that was killed, and looks at every row: all that was synced must be there, and of what was
 * put afterwards, in order, a first part.
 */
final class Reopening {
    private final Trial trial;
    private final Values values;
    private final LongSupplier nanoClock;

    Reopening(Trial trial, Values values, LongSupplier nanoClock) {
        this.trial = trial;
        this.values = values;
        this.nanoClock = nanoClock;
    }

    Optional<Figure> run() {
        Expected synced = Expected.load(trial.expected());
        Usage before = Meter.usage();
        long begun = nanoClock.getAsLong();
        try (KeyValueEngine engine = trial.peer().open(trial.store(), trial.memory())) {
            new Operations(engine, synced, values).get(0);
            long nanos = nanoClock.getAsLong() - begun;
            Usage usage = Meter.usage().since(before);
            int tail = synced.records() - trial.records();
            int kept = adoptTail(engine, synced);
            new Operations(engine, synced, values).scan(Direction.FORWARD, rows -> false);
            String note = "kept " + kept + " of " + tail + " puts that were not synced";
            return Optional.of(new Figure(Row.REOPEN_KILLED, 1, nanos, usage, 0, -1, note));
        }
    }

    /** What survived of the tail is expected from now on; a gap in it will be found by the scan. */
    private int adoptTail(KeyValueEngine engine, Expected synced) {
        byte[] key = new byte[Keys.BYTES];
        byte[] value = new byte[values.bytes()];
        int kept = 0;
        for (int index = trial.records(); index < synced.records(); index++, kept++) {
            Keys.stored(index, key);
            if (engine.get(key, value) == KeyValueEngine.ABSENT) {
                break;
            }
            synced.next(index);
        }
        return kept;
    }
}
