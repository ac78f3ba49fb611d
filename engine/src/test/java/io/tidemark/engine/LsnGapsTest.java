package io.tidemark.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** LSNs of a clock: any that rise. */
class LsnGapsTest {
    private static final EngineOptions DENSE = new EngineOptions(4096, 64, 256 * 4096, 1 << 14, 1 << 16, 16, 0, false);

    @TempDir
    Path directory;

    @Test
    void w1_whatAClockNumbersIsThereAfterKillsAndCloses() {
        Random random = new Random(11);
        TreeMap<Long, Long> chains = new TreeMap<>();
        long clock = 1_700_000_000_000_000L;
        Engine engine = open(DENSE.toBuilder().lsnGaps(true).build());
        for (int i = 0; i < 400; i++) {
            clock += 1 + random.nextInt(1_000_000);
            engine.apply(EngineRig.entry(clock, List.of(EngineRig.put("k" + i, EngineRig.value(i, 300)))));
            chains.put(clock, engine.state().redoChain());
            if (i % 37 == 0) {
                engine.flushStep();
            }
            if (i % 50 == 49) {
                if (random.nextBoolean()) {
                    engine.close();
                } else {
                    engine.writeOut();
                    engine.abandon();
                }
                engine = open(DENSE.toBuilder().lsnGaps(true).build());
                assertEquals(clock, engine.state().applied());
                assertEquals(chains.get(clock), engine.state().redoChain());
            }
        }
        engine.requestSync().join();
        assertEquals(clock, engine.durableLsn());
        assertEquals(OptionalLong.of(chains.get(clock)), engine.chainAt(clock));
        assertEquals(OptionalLong.empty(), engine.chainAt(clock - 1));
        assertEquals(400, engine.contents().keys());
        engine.inspection().checkStructure();
        assertEquals(List.of(), engine.apply(EngineRig.entry(clock, List.of(EngineRig.put("again", "x")))));
        engine.close();
    }

    @Test
    void w1_aGapIsRefusedUnlessTheOwnerOfTheLogSaysThatThereAreSome() {
        Engine engine = open(DENSE);
        TidemarkException refused = assertThrows(
                TidemarkException.class, () -> engine.apply(EngineRig.entry(5, List.of(EngineRig.put("k", "v")))));
        assertEquals(ErrorKind.INVALID, refused.kind());
        engine.apply(EngineRig.entry(0, List.of(EngineRig.put("k", "v"))));
        engine.close();
    }

    @Test
    void w1_aStoreWithGapsIsNotOpenedAsIfItHadNone() {
        Engine engine = open(DENSE.toBuilder().lsnGaps(true).build());
        engine.apply(EngineRig.entry(7, List.of(EngineRig.put("k", "v"))));
        engine.apply(EngineRig.entry(9, List.of(EngineRig.put("k", "w"))));
        engine.close();
        TidemarkException refused = assertThrows(TidemarkException.class, () -> open(DENSE));
        assertEquals(ErrorKind.INVALID, refused.kind());
        assertTrue(refused.getMessage().contains("lsnGaps"), refused::getMessage);
        open(DENSE.toBuilder().lsnGaps(true).build()).close();
    }

    private Engine open(EngineOptions options) {
        return Engine.open(directory, options, new MetricRegistry(), Halt.THROW);
    }
}
