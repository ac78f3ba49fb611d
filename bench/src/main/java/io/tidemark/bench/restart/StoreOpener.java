package io.tidemark.bench.restart;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.bench.peer.KeyValueEngine.Direction;
import io.tidemark.bench.peer.TidemarkPeer;
import io.tidemark.bench.trial.Expected;
import io.tidemark.bench.trial.Operations;
import io.tidemark.bench.trial.Values;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** Opens the store of a killed process, in a process of its own that is killed in its turn. */
public final class StoreOpener {
    private static final int SHARES = 5;

    private final RestartCase restart;
    private final String label;
    private final LongSupplier nanoClock;

    /** @param label names the notebook that is written */
    public StoreOpener(RestartCase restart, String label, LongSupplier nanoClock) {
        this.restart = restart;
        this.label = label;
        this.nanoClock = nanoClock;
    }

    static Notebook notebook(RestartCase restart, String label) {
        return new Notebook(restart.directory().resolve("opened-" + label));
    }

    /** Returns from {@code untilKilled} only if nobody kills this process. */
    public void open(Runnable untilKilled) {
        MetricRegistry metrics = new MetricRegistry();
        Expected expected = Expected.load(restart.expected());
        Values values = new Values(restart.valueBytes(), StoreMaker.SEED);
        Map<String, Object> notes = new TreeMap<>();
        loadClasses();
        StackSamples samples = StackSamples.of(Thread.currentThread());
        long begun = nanoClock.getAsLong();
        try (TidemarkPeer engine = new TidemarkPeer(restart.store(), restart.options(), metrics)) {
            Operations operations = new Operations(engine, expected, values);
            operations.get(0);
            notes.put("nanos", nanoClock.getAsLong() - begun);
            samples.close();
            notes.put("shares", samples.shares(SHARES));
            notes.put("pages.read", metrics.counter("engine.pool.misses").getCount());
            notes.put("pages", engine.engine().inspection().pageIds());
            notes.put("rows", operations.scan(Direction.FORWARD, rows -> false));
            notebook(restart, label).write(notes);
            untilKilled.run();
        }
    }

    /** By an empty store: what a JVM needs to get going is not the engine's restart. */
    private void loadClasses() {
        Path empty = restart.directory().resolve("empty");
        new TidemarkPeer(empty, restart.options(), new MetricRegistry()).close();
    }
}
