package io.tidemark.jepsen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.jepsen.cluster.Cluster;
import io.tidemark.jepsen.cluster.CommandLine;
import io.tidemark.jepsen.cluster.TrialStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever a person or the machine gets wrong: a clear error, nothing lost, nothing half done. */
@EnabledIfSystemProperty(named = "tidemark.long", matches = "true")
class BadInputIT {

    private static final int WRONG_USAGE = 2;
    private static final int FAILED = 1;
    private static final Duration BOUND = Duration.ofSeconds(60);

    @RegisterExtension
    final Arena arena = new Arena();

    private int refusals;

    @Test
    void aCommandThatCannotBeUnderstoodIsWrongUsage() {
        refused(WRONG_USAGE, "--no-such-option", "status", "--no-such-option");
        refused(WRONG_USAGE, "no-such-command", "no-such-command");
        refused(WRONG_USAGE, "PATH", "load");
        refused(WRONG_USAGE, "--to", "export");
        refused(
                WRONG_USAGE,
                "2048",
                "put",
                "k".repeat(2049),
                "v",
                "--dir",
                arena.path("none").toString());
        refused(WRONG_USAGE, "--endpoints", "get", "k", "--endpoints", "nonsense");
        refused(
                WRONG_USAGE,
                "s3://",
                "up",
                "--detach",
                "--s3",
                "ftp://x",
                "--dir",
                arena.path("none").toString());
        assertFalse(Files.exists(arena.path("none")), "a refused command left something behind");
        arena.report("%d refusals", refusals);
    }

    @Test
    void aClusterThatIsNotThereIsNamed() throws IOException {
        String nobody = "127.0.0.1:" + TrialStore.freePort();
        refused(FAILED, nobody, "get", "k", "--endpoints", nobody, "--timeout", "2");
        refused(FAILED, "cluster.json", "status", "--dir", arena.path("none").toString());
        refused(FAILED, "cluster.json", "down", "--dir", arena.path("none").toString());
        Path occupied = Files.createDirectories(arena.path("occupied"));
        Files.writeString(occupied.resolve("diary.txt"), "mine");
        refused(FAILED, "diary.txt", "up", "--detach", "--dir", occupied.toString());
        assertEquals("mine", Files.readString(occupied.resolve("diary.txt")));
        String store = "http://127.0.0.1:" + TrialStore.freePort();
        CommandLine withCredentials = arena.commands(TrialStore.credentials());
        CommandLine.Result up = withCredentials.run(
                BOUND,
                "up",
                "--detach",
                "--timeout",
                "20",
                "--s3",
                "s3://bucket/p",
                "--s3-endpoint",
                store,
                "--dir",
                arena.path("c").toString());
        clear(up, FAILED, store);
        arena.report("%d refusals", refusals);
    }

    @Test
    void aRunningClusterRefusesWhatItCannotKeepAndKeepsWhatItHas() throws IOException {
        Cluster cluster = arena.up();
        String dir = cluster.directory().toString();
        arena.commands().run(BOUND, "put", "kept", "as it was", "--dir", dir).expectDone();

        Path large = arena.path("large");
        Files.write(large, new byte[(16 << 20) + 1]);
        refused(FAILED, "16 MiB", "put", "kept", "--file", large.toString(), "--dir", dir);
        refused(
                FAILED,
                "missing",
                "put",
                "kept",
                "--file",
                arena.path("missing").toString(),
                "--dir",
                dir);
        refused(FAILED, "missing", "load", arena.path("missing").toString(), "--dir", dir);
        refused(FAILED, "sys.", "put", "k", "v", "--keyspace", "sys.marks", "--dir", dir);

        Path lines = arena.path("lines.ndjson");
        Files.writeString(lines, "{\"key\":\"half\",\"value\":\"1\"}\n{\"key\":\"done\",\"value\":\n");
        refused(FAILED, "2", "load", lines.toString(), "--dir", dir);
        Files.writeString(
                lines, "{\"key\":\"half\",\"value\":\"1\"}\n{\"key\":\"" + "k".repeat(2049) + "\",\"value\":\"2\"}\n");
        refused(FAILED, "2048", "load", lines.toString(), "--dir", dir);
        refused(FAILED, "half", "get", "half", "--dir", dir);
        refused(FAILED, "", "put", "kept", "v", "--if-absent", "--dir", dir);

        String taken = cluster.file().nodes().get(0).http().replaceAll(".*:", "");
        Path other = arena.path("other");
        refused(
                FAILED,
                taken,
                "up",
                "--detach",
                "--timeout",
                "30",
                "--dir",
                other.toString(),
                "--http-ports",
                taken + "," + TrialStore.freePort() + "," + TrialStore.freePort());
        assertNothingRuns(other);

        assertEquals(
                "as it was",
                arena.commands()
                        .run(BOUND, "get", "kept", "--dir", dir)
                        .expectDone()
                        .out()
                        .strip());
        arena.assertWhole(cluster);
        arena.report("%d refusals, the key kept", refusals);
    }

    @Test
    void aNodeRefusesTheDirectoryOfAnotherCluster() throws IOException {
        Cluster cluster = arena.up();
        arena.commands()
                .run(BOUND, "put", "kept", "v", "--dir", cluster.directory().toString())
                .expectDone();
        String node = cluster.follower();
        cluster.terminate(node);
        Path identity = cluster.directory().resolve(node).resolve("identity.json");
        String original = Files.readString(identity);
        ObjectMapper json = new ObjectMapper();
        ObjectNode strange = (ObjectNode) json.readTree(original);
        String stranger = UUID.randomUUID().toString();
        strange.put("cluster", stranger);
        Files.writeString(identity, strange.toString());
        refused(
                FAILED,
                stranger,
                "start",
                node,
                "--timeout",
                "30",
                "--dir",
                cluster.directory().toString());
        assertFalse(cluster.alive(node), "it must not run");
        Files.writeString(identity, original);
        cluster.start(node);
        arena.assertWhole(cluster);
        arena.report("refused, and accepted again with its own identity");
    }

    private void refused(int exit, String named, String... arguments) {
        clear(arena.commands().run(BOUND, arguments), exit, named);
    }

    /** An error is clear if it has the right exit code, names what is wrong, and is no stack trace. */
    private void clear(CommandLine.Result result, int exit, String named) {
        result.expect(exit);
        assertTrue(result.err().contains(named), () -> "the error does not name '" + named + "': " + result);
        assertFalse(result.err().contains("\tat "), () -> "a stack trace is no message: " + result);
        assertFalse(result.err().contains("defect of Tidemark"), () -> "a defect: " + result);
        assertFalse(result.err().isBlank(), () -> "no message: " + result);
        refusals++;
    }

    private static void assertNothingRuns(Path directory) {
        List<String> running = new ArrayList<>();
        ProcessHandle.allProcesses()
                .filter(p -> p.info().commandLine().orElse("").contains(directory.toString()))
                .forEach(p -> running.add(p.info().commandLine().orElse("")));
        assertEquals(List.of(), running);
    }
}
