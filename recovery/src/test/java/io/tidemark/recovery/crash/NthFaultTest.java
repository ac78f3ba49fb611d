package io.tidemark.recovery.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.Engine;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.CrashMode;
import io.tidemark.engine.io.FaultPlan;
import io.tidemark.engine.io.FaultPlan.Fault;
import io.tidemark.engine.io.SimulatedDisk;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Each call to the disk of a small workload fails, once and for good, in every way that it can: opening an empty store,
 * entries, flushes, checkpoints, reads, a restart and a close. What the caller gets is the right answer, an error by its
 * name, or a halt; and whatever was said to be durable comes back, from the disk of the machine that goes on and from one
 * that lost its power.
 */
class NthFaultTest {
    /** What an operation that met the fault may say. */
    private static final Set<ErrorKind> NAMED = EnumSet.of(ErrorKind.FATAL, ErrorKind.CORRUPT, ErrorKind.UNAVAILABLE);

    private final StoreOnDisk store = StoreOnDisk.random(new Random(3));
    private final LogScript script = new LogScript(new Random(12), 16, 30, 2_500, store);
    private final Expected expected = new Expected(script);
    private final Map<Fault, Integer> halts = new EnumMap<>(Fault.class);
    private int successes;
    private int errors;
    private int runs;

    @Test
    void everyFailingCallEndsInSuccessANamedErrorOrAHaltAndNothingAcknowledgedIsLost() {
        for (Fault fault : Fault.values()) {
            FaultPlan counting = new FaultPlan(fault, Long.MAX_VALUE, false);
            new Run(counting, "undisturbed").play();
            assertTrue(counting.calls() > 20, fault + " can hit " + counting.calls() + " calls");
            for (long n = 1; n <= counting.calls(); n++) {
                for (boolean forGood : new boolean[] {false, true}) {
                    String where = fault + " at call " + n + (forGood ? " and all after it" : "");
                    new Run(new FaultPlan(fault, n, forGood), where).play();
                    runs++;
                }
            }
        }
        System.out.printf(
                Locale.ROOT,
                "failing calls: %d runs, %d operations refused by name, halts %s, %d runs unharmed%n",
                runs,
                errors,
                halts,
                successes);
        assertTrue(halts.keySet().containsAll(EnumSet.allOf(Fault.class)), "halts " + halts);
    }

    /** One workload with one plan of faults. */
    private final class Run {
        private final FaultPlan plan;
        private final String where;
        private final SimulatedDisk disk = new SimulatedDisk();
        private Engine engine;
        private long promised = -1;
        private boolean failed;

        Run(FaultPlan plan, String where) {
            this.plan = plan;
            this.where = where;
        }

        void play() {
            disk.faults(plan);
            try {
                live();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(where + ": " + e, e);
            }
            disk.faults(FaultPlan.NONE);
            try {
                comesBack();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(where + ", afterwards: " + e, e);
            }
            successes += failed ? 0 : 1;
        }

        private void live() {
            if (!step(() -> engine = store.open(disk))) {
                return;
            }
            for (long lsn = 0; lsn <= script.last() && goesOn(); lsn++) {
                long next = lsn;
                step(() -> engine.apply(script.entry(next)));
                if (lsn % 3 == 1) {
                    step(() -> promised = engine.requestSync().join());
                }
                if (lsn % 4 == 2) {
                    step(engine::flushStep);
                }
                if (lsn == script.last() / 2) {
                    restart();
                }
                if (lsn % 4 == 0 || failed) {
                    readAll();
                }
            }
            if (goesOn()) {
                step(engine::checkpoint);
                readAll();
                step(engine::close);
            }
        }

        /** Not past a halt: there the process ends. */
        private boolean goesOn() {
            return engine != null && !failed;
        }

        private void restart() {
            if (!goesOn()) {
                return;
            }
            engine.abandon();
            engine = null;
            step(() -> engine = store.open(disk));
        }

        /** True when it went well; otherwise it says so by a name that can be, and the fault has struck. */
        private boolean step(Runnable operation) {
            if (engine != null && failed) {
                return false;
            }
            try {
                operation.run();
                promised = engine == null ? promised : Math.max(promised, engine.durableLsn());
                return true;
            } catch (RuntimeException e) {
                TidemarkException named = named(e);
                assertTrue(plan.failed() > 0, "failed although no call did: " + e);
                assertTrue(NAMED.contains(named.kind()), "an error of kind " + named.kind() + ": " + e);
                failed = true;
                if (named.kind() == ErrorKind.FATAL) {
                    halts.merge(faultOf(), 1, Integer::sum);
                } else {
                    errors++;
                }
                return false;
            }
        }

        private Fault faultOf() {
            return Fault.valueOf(where.substring(0, where.indexOf(' ')));
        }

        private static TidemarkException named(RuntimeException e) {
            Throwable cause = e instanceof java.util.concurrent.CompletionException ? e.getCause() : e;
            if (cause instanceof TidemarkException known) {
                return known;
            }
            throw new AssertionError("an error without a name: " + e, e);
        }

        /** Reads fail by name, or are right; a halted engine does not answer. */
        private void readAll() {
            if (engine == null) {
                return;
            }
            try {
                expected.checkFacts(engine);
                if (!failed) {
                    expected.checkRows(engine);
                }
            } catch (TidemarkException e) {
                assertTrue(plan.failed() > 0, "failed although no call did: " + e);
                assertTrue(NAMED.contains(e.kind()), "an error of kind " + e.kind() + ": " + e);
                errors++;
            }
        }

        /** On the same machine, whose page cache may hold what no disk has, and on one that lost its power. */
        private void comesBack() {
            SimulatedDisk cut = disk.crashImage(CrashMode.NONE, new Random(1));
            SimulatedDisk torn = disk.crashImage(CrashMode.RANDOM, new Random(runs));
            if (engine != null) {
                engine.abandon();
            }
            goesOnFrom(cut, promised);
            goesOnFrom(torn, promised);
            long after = goesOnFrom(disk, promised);
            goesOnFrom(disk.crashImage(CrashMode.NONE, new Random(1)), after);
        }

        private long goesOnFrom(SimulatedDisk from, long least) {
            Engine next = store.open(from);
            long back = next.state().applied();
            assertTrue(back >= least, "came back with LSN " + back + ", but " + least + " was durable");
            expected.checkState(next);
            for (long lsn = back + 1; lsn <= Math.min(script.last(), back + 2); lsn++) {
                assertEquals(script.replies(lsn), next.apply(script.entry(lsn)));
            }
            expected.checkState(next);
            next.abandon();
            return back;
        }
    }
}
