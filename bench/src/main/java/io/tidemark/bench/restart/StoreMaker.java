package io.tidemark.bench.restart;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.bench.peer.TidemarkPeer;
import io.tidemark.bench.trial.Dice;
import io.tidemark.bench.trial.Expected;
import io.tidemark.bench.trial.Keys;
import io.tidemark.bench.trial.Operations;
import io.tidemark.bench.trial.Values;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;

/** Makes the store of a {@link RestartCase}, in the process that will be killed. */
public final class StoreMaker {
    static final long SEED = 3;

    private static final int FILL_BATCH = 100;
    private static final int LOOK_EVERY = 1000;

    private final RestartCase restart;
    private final MetricRegistry metrics = new MetricRegistry();
    private final Values values;
    private final Expected expected;

    public StoreMaker(RestartCase restart) {
        this.restart = restart;
        values = new Values(restart.valueBytes(), SEED);
        expected = new Expected(restart.records());
    }

    static Notebook notebook(RestartCase restart) {
        return new Notebook(restart.directory().resolve("made"));
    }

    /** Returns from {@code untilKilled} only if nobody kills this process; an interrupt ends it early. */
    public void make(Runnable untilKilled) throws IOException {
        Files.createDirectories(restart.store());
        try (TidemarkPeer engine = new TidemarkPeer(restart.store(), restart.options(), metrics)) {
            fill(engine);
            long redoStart = engine.engine().checkpoint();
            long before = walBytes();
            Operations operations = new Operations(engine, expected, values);
            Dice dice = new Dice(SEED);
            while (walBytes() - before < restart.walBytes()) {
                requireWanted();
                for (int i = 0; i < LOOK_EVERY; i++) {
                    operations.put(dice.below(expected.records()));
                }
            }
            engine.engine().writeOut(); // the process will be killed, the machine not
            expected.save(restart.expected());
            notebook(restart)
                    .write(Map.of(
                            "wal.bytes", walBytes() - before,
                            "blocks", engine.engine().state().applied() + 1 - redoStart));
            untilKilled.run();
        }
    }

    private void fill(TidemarkPeer engine) {
        for (int first = 0; first < expected.records(); first += FILL_BATCH) {
            requireWanted();
            int count = Math.min(FILL_BATCH, expected.records() - first);
            byte[][] keys = new byte[count][Keys.BYTES];
            byte[][] batch = new byte[count][values.bytes()];
            for (int i = 0; i < count; i++) {
                Keys.stored(first + i, keys[i]);
                values.write(first + i, expected.next(first + i), batch[i]);
            }
            engine.putTogether(keys, batch);
        }
    }

    /** Ends a maker whose parent is gone. */
    private static void requireWanted() {
        if (Thread.currentThread().isInterrupted()) {
            throw new IllegalStateException("nobody waits for this store any more");
        }
    }

    private long walBytes() {
        return (Long) metrics.gauge("engine.wal.bytes").getValue();
    }
}
