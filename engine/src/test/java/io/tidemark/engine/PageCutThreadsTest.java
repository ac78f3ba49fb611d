package io.tidemark.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.log.LogEntry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Cuts that are read while entries are applied and pages flushed, each by a thread of its own. */
class PageCutThreadsTest {
    private static final int CUTS = 12;
    /** Entries between two cuts, at least. */
    private static final int STEP = 60;

    private record Cut(long base, long lsn, TreeMap<Long, ByteBuffer> pages) {}

    @Test
    void ct2_cutsThatRaceWithTheWriterHoldTheirStates() {
        EngineRig rig = new EngineRig(EngineRig.threaded());
        List<LogEntry> entries = new ArrayList<>();
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<List<Cut>> cutting = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return cuts(rig);
                    } finally {
                        done.set(true);
                    }
                },
                EngineRig.THREADS);
        Random random = new Random(4);
        while (!done.get()) {
            LogEntry entry = EngineRig.entry(
                    entries.size(),
                    List.of(EngineRig.put("key" + random.nextInt(400), EngineRig.value(random.nextInt(), 150))));
            entries.add(entry);
            rig.engine.apply(entry);
        }
        List<Cut> cuts = cutting.join();
        rig.engine.close();

        assertEquals(CUTS, cuts.size());
        prove(cuts, entries);
    }

    private static List<Cut> cuts(EngineRig rig) {
        List<Cut> cuts = new ArrayList<>();
        while (cuts.size() < CUTS) {
            long last = cuts.isEmpty() ? -1 : cuts.get(cuts.size() - 1).lsn();
            while (rig.engine.state().applied() < last + STEP) {
                Thread.yield(); // until the writer, which goes on, is there
            }
            long base = cuts.size() % 3 == 0 ? -1 : last;
            try (PageCut cut = rig.engine.cut(base, CutPages.scratch())) {
                cuts.add(new Cut(base, cut.lsn(), CutPages.changed(cut)));
            }
        }
        return cuts;
    }

    private static void prove(List<Cut> cuts, List<LogEntry> entries) {
        EngineRig reference = new EngineRig(EngineRig.options(64, 4000));
        cuts.sort(Comparator.comparingLong(Cut::lsn));
        for (Cut cut : cuts) {
            while (reference.engine.state().applied() < cut.lsn()) {
                reference.engine.apply(
                        entries.get((int) reference.engine.state().applied() + 1));
            }
            assertEquals(CutPages.now(reference.engine, cut.base()), cut.pages(), "cut at LSN " + cut.lsn());
        }
        assertTrue(cuts.get(cuts.size() - 1).lsn() > cuts.get(0).lsn(), "nothing was written meanwhile");
    }
}
