package io.tidemark.daemon.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.EngineOptions;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.raft.NodeOptions;
import io.tidemark.raft.batch.AdmissionLimits;
import io.tidemark.raft.batch.BatchOptions;
import io.tidemark.shipper.ShipperOptions;
import io.tidemark.shipper.tier.TierOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    @TempDir
    private Path dir;

    @Test
    void theStandardIsWhatEachRoomHasForItsDefault() {
        NodeSettings standard = new NodeSettings(Settings.standard());
        assertEquals(EngineOptions.defaults(), standard.engine());
        assertEquals(BatchOptions.over(EngineOptions.defaults()), standard.batch());
        assertEquals(AdmissionLimits.defaults(), standard.limits());
        assertEquals(ShipperOptions.defaults(), standard.shipper());
        assertEquals(NodeOptions.SESSION_IDLE, standard.sessionIdle());
        assertEquals(TierOptions.defaults(), standard.tiers());
    }

    @Test
    void tiersAreSetByFileEnvironmentAndFlagTheLastOfThemFirst() throws IOException {
        Path file =
                Files.writeString(dir.resolve("p"), "tier-warm-hours=1\ntier-cold-hours=2\nsegment-cache-bytes=1MiB\n");
        Settings settings = Settings.read(file)
                .withEnvironment(Map.of("TIDEMARK_TIER_COLD_HOURS", "3", "TIDEMARK_TIER_CHECK_MINUTES", "4"))
                .with(List.of("tier-check-minutes=5", "tier-hot-reads=6", "tier-hot-reads-per-hour=7"));
        assertEquals(
                new TierOptions(1 << 20, 3_600_000, 3 * 3_600_000, 5 * 60_000, 6, 7, 512 << 20),
                new NodeSettings(settings).tiers());
        NodeSettings reversed = new NodeSettings(settings.with(List.of("tier-warm-hours=4")));
        assertThrows(TidemarkException.class, reversed::tiers);
    }

    /** A node on a small disk that takes writes must be able to give pages to S3. */
    @Test
    void checkpointsAndCopiesStopAtTwiceTheReserve() {
        NodeSettings small = new NodeSettings(Settings.standard().with(List.of("reserve-bytes=10MiB")));
        assertEquals(20 << 20, small.shipper().checkpoints().keepFreeBytes());
        assertEquals(20 << 20, small.tiers().keepFreeBytes());
    }

    @Test
    void sessionsAreNotEndedWhileAClientMayStillUseThem() {
        NodeSettings hasty = new NodeSettings(Settings.standard().with(List.of("session-idle-millis=60000")));
        TidemarkException refusal = assertThrows(TidemarkException.class, hasty::sessionIdle);
        assertTrue(refusal.getMessage().contains("session-idle-millis"), refusal.getMessage());
    }

    @Test
    void whatIsGivenWinsOverTheFileAndThatOverTheStandard() throws IOException {
        Path file = Files.writeString(dir.resolve("p"), "segment-bytes=1MiB\npool-bytes = 128 MiB\n");
        Settings settings = Settings.read(file).with(List.of("segment-bytes=2MiB"));
        assertEquals(2 << 20, settings.get(Setting.SEGMENT_BYTES));
        assertEquals(128 << 20, settings.get(Setting.POOL_BYTES));
        assertEquals(Setting.BATCH_BYTES.standard(), settings.text(Setting.BATCH_BYTES));
    }

    @Test
    void whatIsWrittenIsRead() {
        Settings settings = Settings.standard().with(List.of("segment-bytes=3MiB", "segment-age-millis=250"));
        settings.write(dir.resolve("p"));
        Settings read = Settings.read(dir.resolve("p"));
        for (Setting setting : Setting.values()) {
            assertEquals(settings.text(setting), read.text(setting), setting.key());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense=1", "pool-bytes", "pool-bytes=", "pool-bytes=1TiB", "pool-bytes=9999999999GiB"})
    void whatIsNoSettingIsRefused(String pair) {
        assertThrows(TidemarkException.class, () -> Settings.standard().with(List.of(pair)));
    }

    @Test
    void aFileWithAnUnknownSettingIsNamed() throws IOException {
        Path file = Files.writeString(dir.resolve("p"), "pool-byte=1MiB\n");
        TidemarkException refusal = assertThrows(TidemarkException.class, () -> Settings.read(file));
        assertTrue(refusal.getMessage().contains(file.toString()), refusal.getMessage());
        assertTrue(refusal.getMessage().contains("pool-byte"), refusal.getMessage());
    }
}
