package io.tidemark.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

class PageCutProperties {
    private static final int ENTRIES = 200;

    /** A quiet engine with a large pool, and a busy one with a small pool whose cuts are read late. */
    @Property(tries = 25, shrinking = ShrinkingMode.OFF)
    void ct2_equalLsnAndBaseGiveEqualCutsWhicheverEngineIsCut(@ForAll long seed) {
        Random random = new Random(seed);
        EngineRig quiet = new EngineRig(EngineRig.options(64, 4000));
        EngineRig busy = new EngineRig(EngineRig.options(64, 128));
        TreeMap<Long, ByteBuffer> shipped = new TreeMap<>();
        long base = -1;
        PageCut late = null;
        TreeMap<Long, ByteBuffer> expected = null;
        for (int lsn = 0; lsn < ENTRIES; lsn++) {
            LogEntry entry = EngineRig.entry(lsn, operations(random));
            quiet.engine.apply(entry);
            busy.engine.apply(entry);
            disturb(random, busy);
            if (random.nextInt(15) == 0 && late == null) {
                late = busy.engine.cut(base, CutPages.scratch());
                expected = CutPages.now(quiet.engine, base);
                shipped.putAll(expected);
                base = lsn;
                assertEquals(CutPages.now(quiet.engine), shipped);
            } else if (random.nextInt(15) == 0 && late != null) {
                assertEquals(expected, CutPages.changed(late));
                late.close();
                late = null;
            }
        }
        if (late != null) {
            late.close();
        }
    }

    private static void disturb(Random random, EngineRig rig) {
        switch (random.nextInt(10)) {
            case 0 -> rig.engine.flushStep();
            case 1 -> rig.engine.checkpoint();
            case 2 -> rig.rows();
            default -> rig.get("key" + random.nextInt(400));
        }
    }

    private static List<Operation> operations(Random random) {
        if (random.nextInt(20) == 0) {
            int first = random.nextInt(400);
            byte[] from = EngineRig.bytes("key" + first);
            byte[] to = EngineRig.bytes("key" + (first + random.nextInt(100)));
            return Arrays.compareUnsigned(from, to) < 0
                    ? List.of(new Operation.DeleteRange(EngineRig.SPACE, from, to, 40))
                    : List.of(EngineRig.delete("key" + first));
        }
        List<Operation> operations = new ArrayList<>();
        for (int n = 1 + random.nextInt(5); n > 0; n--) {
            String key = "key" + random.nextInt(400);
            int length = random.nextInt(12) == 0 ? random.nextInt(12_000) : random.nextInt(400);
            operations.add(
                    random.nextInt(3) > 0
                            ? EngineRig.put(key, EngineRig.value(random.nextInt(), length))
                            : EngineRig.delete(key));
        }
        return operations;
    }
}
