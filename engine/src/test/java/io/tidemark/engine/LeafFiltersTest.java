package io.tidemark.engine;

import static io.tidemark.engine.EngineRig.bytes;
import static io.tidemark.engine.EngineRig.delete;
import static io.tidemark.engine.EngineRig.put;
import static io.tidemark.engine.EngineRig.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Precondition;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

/** What looking for keys that are nowhere costs where the tree is larger than the pool. */
class LeafFiltersTest {
    private static final int KEYS = 4000;

    private final EngineRig rig = new EngineRig(EngineRig.options(64, 256));

    LeafFiltersTest() {
        for (int i = 0; i < KEYS; i += 20) {
            List<Operation> puts = new ArrayList<>();
            for (int j = i; j < i + 20; j++) {
                puts.add(put(key(j), value(j, 60)));
            }
            rig.apply(puts);
            if (i % 200 == 0) {
                rig.engine.checkpoint();
            }
        }
        rig.engine.checkpoint();
        assertTrue(rig.store.pages() > 300, rig.store.pages() + " pages");
    }

    private static String key(int i) {
        return String.format("%06d", i * 10);
    }

    /** Between {@link #key} and the one after it. */
    private static String missing(int i) {
        return String.format("%06d", i * 10 + 5);
    }

    private void lookInVain() {
        for (int i = 0; i < KEYS; i++) {
            assertNull(rig.get(missing(i)));
        }
    }

    private long misses(Runnable work) {
        LongSupplier misses = () -> rig.counted("engine.pool.misses");
        long before = misses.getAsLong();
        work.run();
        return misses.getAsLong() - before;
    }

    @Test
    void whatIsNowhereIsNotReadForAgainAndAgain() {
        for (int round = 0; round < 3; round++) {
            lookInVain();
        }
        long reads = misses(this::lookInVain);
        long spared = rig.counted("engine.pool.filtered");
        assertTrue(reads < 100, reads + " pages read for " + KEYS + " keys that are nowhere; spared were " + spared);
    }

    @Test
    void whatIsThereIsFoundAfterLookingInVain() {
        lookInVain();
        for (int i = 0; i < KEYS; i++) {
            assertEquals(value(i, 60), rig.get(key(i)));
        }
        assertTrue(rig.counted("engine.pool.filtered") > 0);
    }

    /** All leaves come and go, and nobody looks in vain. */
    private void passThrough() {
        for (int i = 0; i < KEYS; i += 5) {
            assertEquals(value(i, 60), rig.get(key(i)));
        }
    }

    @Test
    void whatIsPutAfterItWasLookedForInVainIsFound() {
        lookInVain();
        lookInVain();
        for (int round = 0; round < 10; round++) {
            passThrough(); // no filter is made any more after this
        }
        for (int i = 0; i < KEYS; i += 50) {
            rig.apply(put(missing(i), "now"));
        }
        rig.engine.checkpoint();
        passThrough();
        for (int i = 0; i < KEYS; i++) {
            assertEquals(i % 50 == 0 ? "now" : null, rig.get(missing(i)));
        }
        for (int i = 0; i < KEYS; i += 50) {
            rig.apply(delete(missing(i)));
        }
        lookInVain();
    }

    @Test
    void aSnapshotFindsWhatIsNoLongerThere() {
        try (Snapshot snapshot = rig.engine.snapshot()) {
            for (int i = 0; i < KEYS; i += 400) {
                rig.apply(delete(key(i)));
            }
            rig.engine.checkpoint();
            for (int round = 0; round < 3; round++) {
                lookInVain();
                for (int i = 0; i < KEYS; i += 400) {
                    assertNull(rig.get(key(i)));
                    assertTrue(snapshot.get(EngineRig.SPACE, bytes(key(i))).isPresent(), key(i));
                }
            }
        }
        assertTrue(rig.counted("engine.pool.filtered") > 0);
    }

    @Test
    void whoLooksForWhatIsThereMakesNoFilters() {
        rig.killAndReopen();
        for (int i = 0; i < KEYS; i++) {
            rig.get(key(i));
        }
        assertTrue(rig.counted("engine.pool.evictions") > 0);
        assertEquals(0, rig.gauge("engine.pool.filter.frames"));
    }

    @Test
    void anEntryGetsTheFramesOfFiltersBack() {
        lookInVain();
        int frames = (Integer) rig.gauge("engine.pool.filter.frames");
        assertTrue(frames > 4 && frames <= 256 / 8, frames + " frames");
        rig.apply(new Operation.Put(EngineRig.SPACE, bytes("large"), new byte[50 << 10], Precondition.NONE));
        lookInVain();
    }
}
