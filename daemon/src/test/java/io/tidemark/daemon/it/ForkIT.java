package io.tidemark.daemon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.daemon.it.Dist.Outcome;
import io.tidemark.daemon.restore.DirectoryTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A second cluster goes on from the first one's past, beside it, over the same objects. */
@EnabledIfSystemProperty(named = "tidemark.long", matches = "true")
@Timeout(420)
class ForkIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int KEYS = 40;
    private static final int VALUE_BYTES = 20_000;

    /** The first collects what is older than its newest checkpoint, of which it makes many. */
    private static final List<String> FORGETFUL = List.of(
            "--set",
            "segment-bytes=64KiB",
            "--set",
            "checkpoint-log-bytes=256KiB",
            "--set",
            "retention-checkpoints=1",
            "--set",
            "gc-grace-millis=1");

    @TempDir
    private Path scratch;

    private final Random random = new Random(19);

    @AfterEach
    void down() throws Exception {
        for (String cluster : List.of("child", "parent")) {
            if (Files.exists(scratch.resolve(cluster).resolve("cluster.json"))) {
                on(cluster, "down").ok();
            }
        }
    }

    @Test
    void ct6_aForkLivesOnWhatItsParentGivesUp() throws Exception {
        on("parent", "up", FORGETFUL.toArray(String[]::new)).ok();
        load("before");
        long lsn = json(on("parent", "put", "which", "at the fork", "--json"))
                .path("lsn")
                .asLong();
        on("parent", "put", "which", "after the fork").ok();
        on("parent", "verify").ok();
        Map<Path, Long> before = objects();
        Outcome forked = new Dist(scratch)
                .run(
                        "fork",
                        "--json",
                        "--of",
                        directory("parent"),
                        "--dir",
                        directory("child"),
                        "--at-lsn",
                        Long.toString(lsn))
                .ok();
        String history = JSON.readTree(forked.out()).path("history").asText();
        assertOnlyItsRecordIsNew(before, history);

        on("child", "up").ok();
        assertEquals("at the fork", on("child", "get", "which").ok().out());
        on("child", "put", "which", "of the child").ok();
        load("after");
        Set<Path> between = new HashSet<>(objects().keySet());
        between.removeAll(before.keySet());
        load("later");
        load("last");
        JsonNode kept = awaitCollected(lsn, between);
        assertTrue(kept.path("holders").toString().contains(history), kept::toString);
        assertEquals("after the fork", on("parent", "get", "which").ok().out());
        on("parent", "verify").ok();
        on("child", "verify").ok();

        on("child", "down").ok();
        for (String node : List.of("n1", "n2", "n3")) {
            DirectoryTree.remove(scratch.resolve("child").resolve(node));
        }
        on("child", "restore").ok();
        on("child", "up").ok();
        assertEquals("of the child", on("child", "get", "which").ok().out());
        assertHolds("child", "before");
        on("child", "verify").ok();
    }

    private String directory(String cluster) {
        return scratch.resolve(cluster).toString();
    }

    private Outcome on(String cluster, String command, String... more) throws Exception {
        List<String> line = new ArrayList<>(List.of(command, "--dir", directory(cluster)));
        if (command.equals("up")) {
            line.add("--detach");
        }
        line.addAll(List.of(more));
        return new Dist(scratch).run(line.toArray(String[]::new));
    }

    private static JsonNode json(Outcome outcome) throws IOException {
        return JSON.readTree(outcome.ok().out());
    }

    /** Puts files of this name's own contents at the parent, under keys that are the same each time. */
    private void load(String name) throws Exception {
        Path tree = Files.createDirectory(scratch.resolve(name));
        for (int i = 0; i < KEYS; i++) {
            byte[] value = new byte[VALUE_BYTES];
            random.nextBytes(value);
            Files.write(tree.resolve("key" + i), value);
        }
        on("parent", "load", tree.toString()).ok();
    }

    private void assertHolds(String cluster, String name) throws Exception {
        Path exported = scratch.resolve("exported-" + cluster);
        on(cluster, "export", "--to", exported.toString()).ok();
        for (int i = 0; i < KEYS; i++) {
            Path file = Path.of("key" + i);
            assertEquals(
                    -1, Files.mismatch(scratch.resolve(name).resolve(file), exported.resolve(file)), file::toString);
        }
    }

    private Map<Path, Long> objects() throws IOException {
        Map<Path, Long> found = new TreeMap<>();
        try (Stream<Path> files = Files.walk(scratch.resolve("parent").resolve("s3"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                found.put(file, Files.size(file));
            }
        }
        return found;
    }

    private void assertOnlyItsRecordIsNew(Map<Path, Long> before, String history) throws IOException {
        Map<Path, Long> added = objects();
        added.keySet().removeAll(before.keySet());
        Predicate<Path> ofChild = file -> file.toString().contains(history);
        added.keySet().removeIf(ofChild.negate());
        assertTrue(
                !added.isEmpty()
                        && added.keySet().stream()
                                .noneMatch(file -> file.toString().endsWith(".seg")
                                        || file.toString().endsWith(".pack")),
                added::toString);
    }

    /** What {@code gc} says once the parent has given up the LSN, and some of these objects, made later, are gone. */
    private JsonNode awaitCollected(long lsn, Set<Path> between) throws Exception {
        long end = System.nanoTime() + 120_000_000_000L;
        while (true) {
            JsonNode said = json(on("parent", "gc", "--dry-run", "--json"));
            if (said.path("collected").asLong() > lsn && between.stream().anyMatch(Files::notExists)) {
                return said;
            }
            assertTrue(System.nanoTime() < end, () -> "nothing is collected: " + said);
            LockSupport.parkNanos(200_000_000);
        }
    }
}
