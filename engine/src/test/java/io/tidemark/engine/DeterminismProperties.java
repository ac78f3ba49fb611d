package io.tidemark.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.log.Entry;
import io.tidemark.engine.log.EntryCodec;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class DeterminismProperties {
    private static final int ENTRIES = 150;

    @Property(tries = 25)
    void p6_poolSizeFlushesRestartsReadersAndSnapshotsDoNotReachTheBytes(@ForAll long seed) {
        Random random = new Random(seed);
        EngineRig quiet = new EngineRig(EngineRig.options(64, 4000));
        EngineRig busy = new EngineRig(EngineRig.options(64, 128));
        Queue<Snapshot> open = new ArrayDeque<>();
        for (int lsn = 0; lsn < ENTRIES; lsn++) {
            LogEntry entry = EngineRig.entry(lsn, operations(random));
            long before = quiet.changedPages();
            assertEquals(quiet.engine.apply(entry), busy.engine.apply(entry));
            assertWithinCost(entry, quiet.changedPages() - before);
            disturb(random, busy, open);
            assertEquals(quiet.engine.state().redoChain(), busy.engine.state().redoChain(), "chain after " + lsn);
        }
        assertEquals(quiet.pageBytes(), busy.pageBytes());
        busy.engine.inspection().checkStructure();
    }

    /** Rule E2: what the estimate allows is never exceeded. */
    private static void assertWithinCost(LogEntry logEntry, long changed) {
        Entry entry = EntryCodec.decode(logEntry.payload());
        int cost = EntryCost.pagesFor(entry, 1024);
        assertTrue(changed <= cost, changed + " pages changed, " + cost + " foreseen");
    }

    private static void disturb(Random random, EngineRig rig, Queue<Snapshot> open) {
        switch (random.nextInt(18)) {
            case 0 -> rig.engine.flushStep();
            case 1 -> rig.engine.checkpoint();
            case 2 -> rig.killAndReopen();
            case 3 -> rig.closeAndReopen();
            case 4 -> rig.rows();
            case 5, 6, 7 -> open.add(rig.engine.snapshot());
            case 8, 9 -> {
                if (!open.isEmpty()) {
                    open.remove().close();
                }
            }
            default -> rig.get("key" + random.nextInt(400));
        }
    }

    private static List<Operation> operations(Random random) {
        if (random.nextInt(20) == 0) {
            int first = random.nextInt(400);
            String last = "key" + (first + random.nextInt(100));
            byte[] from = EngineRig.bytes("key" + first);
            return List.of(new Operation.DeleteRange(EngineRig.SPACE, from, EngineRig.bytes(last), 40));
        }
        List<Operation> operations = new ArrayList<>();
        int large = random.nextInt(10) == 0 ? 15_000 : 0;
        for (int n = 1 + random.nextInt(5); n > 0; n--) {
            String key = "key" + random.nextInt(400);
            if (random.nextInt(3) > 0) {
                int length = n == 1 && large > 0 ? random.nextInt(large) : random.nextInt(400);
                operations.add(EngineRig.put(key, EngineRig.value(random.nextInt(), length)));
            } else {
                operations.add(EngineRig.delete(key));
            }
        }
        return operations;
    }
}
