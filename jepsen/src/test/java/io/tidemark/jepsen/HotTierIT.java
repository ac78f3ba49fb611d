package io.tidemark.jepsen;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.jepsen.cluster.Cluster;
import io.tidemark.jepsen.cluster.CommandLine;
import io.tidemark.jepsen.cluster.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The data is ten times as large as what a node keeps of it on its disk. */
@EnabledIfSystemProperty(named = "tidemark.long", matches = "true")
class HotTierIT {
    private static final int FILES = 900;
    private static final int FILE_BYTES = 16_000;

    /** Each value takes two pages of 8 KiB. */
    private static final long DATA_BYTES = FILES * (16L << 10);

    private static final long BUDGET_BYTES = DATA_BYTES / 10;

    /** What a checkpoint does not have yet is on disk besides: twice this, until the next one is shipped. */
    private static final long CHECKPOINT_LOG_BYTES = 1 << 20;

    private static final Map<String, String> SETTINGS = Map.of(
            "TIDEMARK_HOT_TIER_BYTES",
            Long.toString(BUDGET_BYTES),
            "TIDEMARK_CHECKPOINT_LOG_BYTES",
            Long.toString(CHECKPOINT_LOG_BYTES),
            "TIDEMARK_SEGMENT_BYTES",
            Long.toString(CHECKPOINT_LOG_BYTES / 2),
            "TIDEMARK_POOL_BYTES",
            "64MiB",
            "TIDEMARK_WAL_FILE_BYTES",
            "1MiB",
            "TIDEMARK_REDO_BYTES",
            "2MiB");

    @RegisterExtension
    final Arena arena = new Arena();

    private final ObjectMapper json = new ObjectMapper();
    private final TreeMap<String, byte[]> model = new TreeMap<>();
    private final Random random = new Random(5);

    @Test
    void ct1_dataTenTimesTheBudgetIsWholeThroughAKillAndALostDisk() {
        CommandLine commands = arena.commands(SETTINGS);
        Cluster cluster = arena.adopt(Cluster.up(arena.path("cluster"), commands, null));
        load(cluster, commands, "first", FILES);
        cluster.names().forEach(name -> awaitWithinBudget(cluster, name));

        String killed = cluster.follower();
        cluster.kill(killed);
        load(cluster, commands, "second", FILES / 10);
        cluster.start(killed);
        cluster.awaitReady(killed);

        String wiped = cluster.names().stream()
                .filter(name -> !name.equals(killed) && !name.equals(cluster.awaitLeader()))
                .findFirst()
                .orElseThrow();
        cluster.kill(wiped);
        cluster.removeDirectory(wiped);
        load(cluster, commands, "third", FILES / 10);
        cluster.start(wiped);
        cluster.awaitReady(wiped);

        assertEquals(model.keySet(), exported(cluster, commands).keySet());
        arena.assertWhole(cluster);
        StringBuilder tiers = new StringBuilder();
        for (String name : cluster.names()) {
            JsonNode tier = awaitWithinBudget(cluster, name);
            tiers.append(' ').append(name).append(tier);
        }
        assertTrue(tier(cluster, killed).path("faults").asLong() > 0, tiers::toString);
        arena.report("%d values, budget %d of %d bytes:%s", model.size(), BUDGET_BYTES, DATA_BYTES, tiers);
    }

    /** Writes so many files, most of them again, some for the first time, and remembers what they hold. */
    private void load(Cluster cluster, CommandLine commands, String name, int files) {
        Path directory = arena.path(name);
        try {
            Files.createDirectories(directory);
            for (int i = 0; i < files; i++) {
                String key = String.format("k%05d", model.isEmpty() || i % 10 == 0 ? i : random.nextInt(FILES));
                byte[] value = new byte[FILE_BYTES];
                random.nextBytes(value);
                Files.write(directory.resolve(key), value);
            }
            try (var written = Files.list(directory)) {
                for (Path file : written.toList()) {
                    model.put(file.getFileName().toString(), Files.readAllBytes(file));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        commands.run(
                        Cluster.PATIENCE,
                        "load",
                        directory.toString(),
                        "--dir",
                        cluster.directory().toString())
                .expectDone();
    }

    private Map<String, byte[]> exported(Cluster cluster, CommandLine commands) {
        Path directory = arena.path("exported");
        commands.run(
                        Cluster.PATIENCE,
                        "export",
                        "--to",
                        directory.toString(),
                        "--dir",
                        cluster.directory().toString())
                .expectDone();
        Map<String, byte[]> found = new TreeMap<>();
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                String key = file.getFileName().toString();
                found.put(key, Files.readAllBytes(file));
                assertArrayEquals(model.get(key), found.get(key), key);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private JsonNode awaitWithinBudget(Cluster cluster, String name) {
        long most = BUDGET_BYTES + 3 * CHECKPOINT_LOG_BYTES;
        return Waiting.until(
                name + " keeps " + most + " bytes of pages at most",
                Cluster.PATIENCE,
                () -> tier(cluster, name),
                tier -> tier.path("coldPages").asLong() > 0
                        && tier.path("localBytes").asLong() <= most);
    }

    private JsonNode tier(Cluster cluster, String name) {
        try {
            return json.readTree(cluster.page(name, "/v1/status").orElse("{}")).path("tier");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
