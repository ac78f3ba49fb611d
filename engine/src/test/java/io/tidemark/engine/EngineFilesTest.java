package io.tidemark.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.EntryLimits;
import io.tidemark.engine.log.Operation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine on real files, with its threads. */
class EngineFilesTest {
    private static final EngineOptions OPTIONS = new EngineOptions(4096, 64, 256 * 4096, 1 << 16, 1 << 18, 16, 0, true);

    @TempDir
    Path directory;

    @Test
    void dataManyTimesThePoolSurvivesAKillAndAClose() {
        byte[] large = EngineRig.bytes(EngineRig.value(7, 100_000));
        try (Engine engine = open(OPTIONS)) {
            for (int i = 0; i < 200; i++) {
                write(engine, i);
            }
            engine.apply(EngineRig.entry(200, List.of(EngineRig.put("large", large))));
            engine.requestSync().join();
            assertEquals(200, engine.durableLsn());
            engine.abandon();
        }
        String sha256;
        try (Engine engine = open(OPTIONS)) {
            assertEquals(200, engine.state().applied());
            assertArrayEquals(
                    large,
                    engine.get(EngineRig.SPACE, EngineRig.bytes("large"))
                            .orElseThrow()
                            .value());
            engine.inspection().checkStructure();
            sha256 = engine.contents().sha256();
            assertEquals(4001, engine.contents().keys());
        }
        try (Engine engine = open(OPTIONS)) {
            assertEquals(sha256, engine.contents().sha256());
            engine.inspection().checkStructure();
        }
    }

    @Test
    void e3_aValueOfTheGreatestSizeIsOneEntry() {
        byte[] value = new byte[EntryLimits.VALUE_BYTES_MAX];
        new Random(1).nextBytes(value);
        EngineOptions options = EngineOptions.defaults();
        try (Engine engine = open(options)) {
            for (int lsn = 0; lsn < 3; lsn++) {
                value[0] = (byte) lsn;
                engine.apply(EngineRig.entry(lsn, List.of(EngineRig.put("large", value))));
            }
            engine.requestSync().join();
            engine.abandon();
        }
        try (Engine engine = open(options)) {
            assertArrayEquals(
                    value,
                    engine.get(EngineRig.SPACE, EngineRig.bytes("large"))
                            .orElseThrow()
                            .value());
            engine.inspection().checkStructure();
        }
    }

    @Test
    void anotherPageSizeIsRefused() {
        open(OPTIONS).close();
        EngineOptions other = new EngineOptions(8192, 64, 256 * 8192, 1 << 16, 1 << 18, 16, 0, true);
        TidemarkException refusal = assertThrows(TidemarkException.class, () -> open(other));
        assertEquals(ErrorKind.INVALID, refusal.kind());
    }

    @Test
    void anotherEntryBoundIsRefused() {
        try (Engine engine = open(OPTIONS)) {
            write(engine, 0);
        }
        EngineOptions other = new EngineOptions(4096, 65, 256 * 4096, 1 << 16, 1 << 18, 16, 0, true);
        TidemarkException refusal = assertThrows(TidemarkException.class, () -> open(other));
        assertEquals(ErrorKind.INVALID, refusal.kind());
    }

    private Engine open(EngineOptions options) {
        return Engine.open(directory, options, new MetricRegistry(), Halt.THROW);
    }

    private static void write(Engine engine, int lsn) {
        List<Operation> puts = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int key = (lsn * 20 + i) * 7919 % 4001;
            puts.add(EngineRig.put("key" + key, EngineRig.value(key, 900)));
        }
        engine.apply(EngineRig.entry(lsn, puts));
    }
}
