package io.tidemark.recovery.crash;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.Engine;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.SimulatedDisk;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/** A store small enough to damage each of its bytes, and what it must answer. */
final class SmallStore {
    /** How a damaged store is refused. */
    private static final Set<ErrorKind> REFUSALS =
            EnumSet.of(ErrorKind.CORRUPT, ErrorKind.INVALID, ErrorKind.UNAVAILABLE, ErrorKind.FATAL);

    final StoreOnDisk store = StoreOnDisk.random(new Random(4));
    final LogScript script = new LogScript(new Random(21), 24, 14, 2_000, store);
    final Expected expected = new Expected(script);

    /** What somebody is told who opens the store and reads all of it. */
    enum Told {
        /** All of it, as it is. */
        THE_TRUTH,
        /** The state at an earlier LSN, as after a tear: the log is to be delivered again. */
        AN_EARLIER_STATE,
        /** That it is damaged. */
        DAMAGED
    }

    /** Applies the log; every fifth entry is followed by a flush, the last by a sync. */
    Engine fill(Supplier<Engine> open) {
        Engine engine = open.get();
        for (long lsn = 0; lsn <= script.last(); lsn++) {
            engine.apply(script.entry(lsn));
            if (lsn % 5 == 4) {
                engine.flushStep();
            }
        }
        engine.requestSync().join();
        return engine;
    }

    /** On real files, with LMDB. */
    Engine openReal(Path directory, Halt halt) {
        return Engine.open(directory, store.options(), new MetricRegistry(), halt);
    }

    Told ask(SimulatedDisk disk) {
        return ask(() -> store.open(disk));
    }

    Told ask(Supplier<Engine> open) {
        Engine engine = null;
        try {
            engine = open.get();
            long lsn = engine.state().applied();
            assertTrue(lsn <= script.last(), "LSN " + lsn);
            expected.checkState(engine);
            return lsn == script.last() ? Told.THE_TRUTH : Told.AN_EARLIER_STATE;
        } catch (TidemarkException e) {
            assertTrue(REFUSALS.contains(e.kind()), "an error of kind " + e.kind() + ": " + e);
            return Told.DAMAGED;
        } finally {
            if (engine != null) {
                engine.abandon();
            }
        }
    }
}
