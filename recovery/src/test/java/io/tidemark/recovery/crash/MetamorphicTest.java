package io.tidemark.recovery.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.Engine;
import io.tidemark.engine.io.SimulatedDisk;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Entry;
import io.tidemark.engine.log.EntryCodec;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Precondition;
import io.tidemark.engine.log.Reply;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The same operations in stores of many shapes: they agree with the model and with each other. */
class MetamorphicTest {
    private static final int[] PAGE_BYTES = {1 << 10, 2 << 10, 4 << 10, 8 << 10, 16 << 10, 32 << 10, 64 << 10};
    private static final int LOGS = 6;
    private static final int ENTRIES = 90;

    /** Pages of an entry with the smallest pages: enough for any range delete here to be done at once. */
    private static final int WIDE = 1024;

    private static LogScript wideLog(Random random) {
        int valueMax = 500 << random.nextInt(6);
        return new LogScript(random, ENTRIES, 80, valueMax, StoreOnDisk.of(random, 1 << 10, WIDE, 2), WIDE / 2);
    }

    /** Pages from 1 to 64 KiB, pools from the smallest on, WAL files, flushes, checkpoints, restarts. */
    @Test
    void storesOfEveryShapeAnswerAlike() {
        for (int seed = 0; seed < LOGS; seed++) {
            Random random = new Random(seed);
            LogScript script = wideLog(random);
            Expected expected = new Expected(script);
            Set<String> contents = new HashSet<>();
            for (int pageBytes : PAGE_BYTES) {
                int entryPages = Math.max(160, WIDE * 1024 / pageBytes);
                StoreOnDisk store = StoreOnDisk.of(random, pageBytes, entryPages, 1 + random.nextInt(2));
                contents.add(apply(script, expected, store, random, "log " + seed + ", pages of " + pageBytes));
            }
            assertEquals(1, contents.size(), "digests of log " + seed);
        }
    }

    private static String apply(LogScript script, Expected expected, StoreOnDisk store, Random random, String where) {
        SimulatedDisk disk = new SimulatedDisk();
        Engine engine = store.open(disk);
        for (long lsn = 0; lsn <= script.last(); lsn++) {
            assertEquals(script.replies(lsn), engine.apply(script.entry(lsn)), where + ", LSN " + lsn);
            switch (random.nextInt(16)) {
                case 0 -> engine.flushStep();
                case 1 -> engine.checkpoint();
                case 2 -> {
                    engine.writeOut();
                    engine.abandon();
                    engine = store.open(disk);
                }
                case 3 -> {
                    engine.close();
                    engine = store.open(disk);
                }
                case 4 -> expected.checkMeaning(engine);
                default -> {}
            }
        }
        expected.checkMeaning(engine);
        engine.inspection().checkStructure();
        String digest = engine.contents().sha256();
        engine.abandon();
        return digest;
    }

    /** Rule P6, with everything that a log may hold: only the log reaches the bytes of pages, and the chain. */
    @Test
    void p6_poolsFlushesRestartsAndSnapshotsNeverReachAByte() {
        for (int seed = 0; seed < 3 * LOGS; seed++) {
            Random random = new Random(100 + seed);
            LogScript script = new LogScript(random, ENTRIES, 50, 400 << random.nextInt(6), StoreOnDisk.random(random));
            Expected expected = new Expected(script);
            for (int poolTimes : new int[] {1, 1, 2, 30}) {
                StoreOnDisk store = StoreOnDisk.of(random, StoreOnDisk.PAGE_BYTES, StoreOnDisk.ENTRY_PAGES, poolTimes);
                EngineLife life = new EngineLife(
                        new SimulatedDisk(),
                        store,
                        script,
                        expected,
                        new Random(random.nextLong()),
                        new Promise(-1, -1));
                life.open();
                life.toTheEnd();
                life.end();
            }
        }
    }

    /** Rule P6: pages that leave and come back at random moments, between random restarts, change nothing either. */
    @Test
    void p6_pagesThatLeaveAndComeBackNeverReachAByte() {
        for (int seed = 0; seed < 2 * LOGS; seed++) {
            Random random = new Random(300 + seed);
            StoreOnDisk shape = StoreOnDisk.random(random);
            LogScript script = LogScript.shipping(random, seed, ENTRIES, 50, 400 << random.nextInt(6), shape);
            Expected expected = new Expected(script);
            for (int poolTimes : new int[] {1, 1, 4}) {
                StoreOnDisk store = StoreOnDisk.of(random, StoreOnDisk.PAGE_BYTES, StoreOnDisk.ENTRY_PAGES, poolTimes);
                EngineLife life = new EngineLife(
                        new SimulatedDisk(),
                        store,
                        script,
                        expected,
                        new Random(random.nextLong()),
                        new Promise(-1, -1));
                life.open();
                life.toTheEnd();
                life.end();
            }
        }
    }

    /** One command an entry, or up to twelve: where nothing asks for versions or time, rows and answers are the same. */
    @Test
    void howCommandsAreCutIntoEntriesDoesNotMatter() {
        for (int seed = 0; seed < LOGS; seed++) {
            Random random = new Random(200 + seed);
            List<Command> commands = cuttable(wideLog(random));
            assertTrue(commands.size() > 100, commands.size() + " commands");
            List<String> one = play(commands, 1, random);
            assertEquals(one, play(commands, 3, random), "log " + seed);
            assertEquals(one, play(commands, 12, random), "log " + seed);
        }
    }

    private static List<Command> cuttable(LogScript script) {
        List<Command> commands = new ArrayList<>();
        for (long lsn = 0; lsn <= script.last(); lsn++) {
            if (script.entry(lsn).kind() == EntryKind.COMMANDS) {
                LogScript.commandsOf(script.entry(lsn)).stream()
                        .filter(command -> cuttable(command.operation()))
                        .map(command -> new Command(null, command.transaction(), command.operation()))
                        .forEach(commands::add);
            }
        }
        return commands;
    }

    private static boolean cuttable(Operation operation) {
        if (operation instanceof Operation.Put put) {
            return !(put.precondition() instanceof Precondition.VersionIs);
        } else if (operation instanceof Operation.Delete delete) {
            return !(delete.precondition() instanceof Precondition.VersionIs);
        }
        return operation.needsTransaction()
                || operation instanceof Operation.DeleteRange
                || operation instanceof Operation.Begin
                || operation instanceof Operation.RollbackSlice
                || operation instanceof Operation.CleanSlice;
    }

    /** Applies the commands, up to so many an entry; answers, then rows, without their versions. */
    private static List<String> play(List<Command> commands, int most, Random random) {
        Engine engine = StoreOnDisk.of(random, 2 << 10, 2 * WIDE, 1).open(new SimulatedDisk());
        LogModel model = new LogModel();
        List<String> told = new ArrayList<>();
        for (int next = 0; next < commands.size(); ) {
            int end = Math.min(commands.size(), next + 1 + random.nextInt(most));
            byte[] payload = EntryCodec.encode(new Entry(1000, commands.subList(next, end)));
            LogEntry entry = new LogEntry(engine.state().applied() + 1, 1, EntryKind.COMMANDS, payload);
            List<Reply> replies = engine.apply(entry);
            assertEquals(model.apply(entry, replies), replies);
            replies.forEach(reply -> told.add(reply.status() + " " + Arrays.toString(reply.payload())));
            next = end;
        }
        engine.inspection().checkStructure();
        TreeMap<String, TreeMap<String, LogModel.Held>> committed = model.committed();
        committed.forEach((space, rows) -> Expected.checkRows(
                space,
                rows,
                engine.scan(space, null, null, Integer.MAX_VALUE, Long.MAX_VALUE)
                        .rows()));
        committed.forEach((space, rows) -> rows.forEach((key, held) ->
                told.add(space + " " + key + " " + Arrays.toString(held.value().array()))));
        engine.abandon();
        return told;
    }
}
