package io.tidemark.recovery.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.Engine;
import io.tidemark.engine.io.SimulatedDisk;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Reply;
import io.tidemark.engine.store.MemoryColdPages;
import java.util.List;
import java.util.Random;

/** An engine from its start on a disk to the end of the log: applying, and at random syncing, flushing, restarting. */
final class EngineLife {
    private static final int REDELIVERED = 3;

    private final SimulatedDisk disk;
    private final StoreOnDisk store;
    private final LogScript script;
    private final Expected expected;
    private final Random random;
    private final int syncs;
    private final int flushes;
    private final int leaves;

    /** Where pages leave for; null where they stay. */
    private final MemoryColdPages cold;

    private Promise promise;
    private SnapshotWatch snapshots;
    private Engine engine;
    private boolean recovering = true;

    EngineLife(
            SimulatedDisk disk,
            StoreOnDisk store,
            LogScript script,
            Expected expected,
            Random random,
            Promise promise) {
        this.disk = disk;
        this.store = store;
        this.script = script;
        this.expected = expected;
        this.random = random;
        this.promise = promise;
        this.snapshots = new SnapshotWatch(script, random);
        this.syncs = 2 + random.nextInt(15);
        this.flushes = 2 + random.nextInt(10);
        this.cold = script.cold();
        this.leaves = cold == null ? 0 : 1 + random.nextInt(6);
    }

    /** In its first start. */
    boolean isRecovering() {
        return recovering;
    }

    /** What a crash at this moment must leave. */
    Promise promise() {
        if (engine != null) {
            long durable = engine.durableLsn();
            long applied = engine.state().applied();
            assertTrue(durable <= applied, "durable " + durable + ", applied " + applied);
            assertTrue(durable >= promise.durable(), "durable fell to " + durable + ", " + promise);
            promise = new Promise(durable, applied);
        }
        return promise;
    }

    /** Starts the engine, with its disk alone (rule CT1); returns the LSN it came back with, which is safe from then on. */
    long open() {
        if (cold == null) {
            engine = store.open(disk);
        } else {
            cold.away = true;
            engine = store.open(disk, cold);
            cold.away = false;
        }
        snapshots.over(engine);
        recovering = false;
        long lsn = engine.state().applied();
        assertEquals(lsn, engine.durableLsn(), "durable after a start");
        assertTrue(lsn <= script.last(), "LSN " + lsn + " is past the log's end " + script.last());
        return lsn;
    }

    void check() {
        snapshots.closeAll();
        expected.check(engine);
    }

    /** Applies what is left of the log, some of what it has a second time, and checks where that ends. */
    void toTheEnd() {
        for (long lsn = Math.max(0, applied() + 1 - REDELIVERED); lsn <= script.last(); lsn++) {
            deliver(lsn);
        }
        check();
    }

    /** As far as a few entries, or to the end: what is left of the log, some of what it has a second time. */
    void goOn() {
        long end = random.nextInt(5) == 0 ? script.last() : Math.min(script.last(), applied() + 2);
        for (long lsn = Math.max(0, applied() + 1 - random.nextInt(REDELIVERED)); lsn <= end; lsn++) {
            deliver(lsn);
        }
        check();
    }

    /** Applies one entry of the log, and does what comes to its mind. */
    void deliver(long lsn) {
        boolean known = lsn <= applied();
        List<Reply> replies = engine.apply(script.entry(lsn));
        assertEquals(known ? List.of() : script.replies(lsn), replies, "replies of LSN " + lsn);
        assertEquals(expected.chain(applied()), engine.state().redoChain(), "chain at LSN " + applied());
        act();
    }

    private void act() {
        if (random.nextInt(syncs) == 0) {
            assertEquals(applied(), engine.requestSync().join());
        }
        if (random.nextInt(flushes) == 0) {
            engine.flushStep();
        }
        if (cold != null && random.nextInt(leaves) == 0) {
            engine.hotTier().evict(1 + random.nextInt(20));
        }
        if (cold != null && random.nextInt(4) == 0) {
            engine.hotTier().step();
        }
        snapshots.act();
        switch (random.nextInt(60)) {
            case 0 -> assertTrue(engine.checkpoint() > applied(), "redo after a checkpoint");
            case 1, 2 -> {
                engine.close();
                restart();
            }
            case 3, 4 -> {
                engine.writeOut();
                engine.abandon();
                restart();
            }
            default -> {}
        }
    }

    /** The process ended, closed, or killed after a write; the machine goes on: nothing is lost. */
    private void restart() {
        snapshots = new SnapshotWatch(script, random);
        Promise before = promise();
        promise = new Promise(Math.max(before.durable(), engine.durableLsn()), before.applied());
        engine = null;
        assertEquals(before.applied(), open(), "LSN after a restart");
        expected.checkFacts(engine);
    }

    /** Instead of going on: sessions ask again for all that they ever asked, and are answered as they were. */
    void askAgain() {
        long lsn = applied();
        LogEntry again = script.askedAgain(lsn);
        List<Reply> replies = engine.apply(again);
        assertEquals(script.model(lsn).copy().apply(again, replies), replies, "asked again after LSN " + lsn);
    }

    long applied() {
        return engine.state().applied();
    }

    /** SHA-256 of all keyspaces. */
    String contents() {
        return engine.contents().sha256();
    }

    /** Gives the engine up; nothing more reaches the disk. */
    void end() {
        snapshots.closeAll();
        engine.abandon();
    }
}
