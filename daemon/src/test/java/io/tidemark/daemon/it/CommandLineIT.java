package io.tidemark.daemon.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.daemon.it.Dist.Outcome;
import io.tidemark.daemon.restore.DirectoryTree;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** What README tells a reader to do, done with real processes. */
class CommandLineIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> STATUS_FIELDS = List.of(
            "name",
            "pid",
            "role",
            "term",
            "committed",
            "applied",
            "durable",
            "s3HighWaterMark",
            "raftLowWaterMark",
            "checkpointLsn",
            "kept",
            "redoChainLsn",
            "redoChain",
            "lagBytes",
            "lagSeconds",
            "http",
            "dir");

    @TempDir
    private Path scratch;

    private Dist tidemark;
    private String dir;

    @BeforeEach
    void directory() {
        tidemark = new Dist(scratch);
        dir = scratch.resolve("cluster").toString();
    }

    @AfterEach
    void nothingIsLeftRunning() throws Exception {
        if (Files.exists(Path.of(dir, "cluster.json"))) {
            run("down").ok();
        }
        Path marked = scratch.toAbsolutePath();
        List<String> left = ProcessHandle.allProcesses()
                .filter(p -> p.info().commandLine().orElse("").contains(marked.toString()))
                .map(p -> p.info().commandLine().orElse(""))
                .toList();
        assertEquals(List.of(), left);
    }

    @Test
    void aTreeGoesInAndComesOutThroughStopsAndStarts() throws Exception {
        Path tree = tree();
        Outcome up = run("up", "--detach").ok();
        assertTrue(up.out().contains("is ready after"), up.toString());

        JsonNode loaded = json(run("load", tree.toString(), "--json").ok());
        assertEquals(
                files(tree),
                loaded.path("count").asLong() - loaded.path("emptyDirectories").asLong());
        exportEquals(tree, "first");

        JsonNode status = json(run("status", "--json").ok());
        assertEquals(3, status.path("nodes").size());
        for (JsonNode node : status.path("nodes")) {
            List<String> names = new ArrayList<>();
            node.fieldNames().forEachRemaining(names::add);
            assertEquals(STATUS_FIELDS, names);
            assertTrue(node.path("applied").asLong() >= loaded.path("lastLsn").asLong() - 1, status.toString());
        }
        assertEquals(List.of("endpoint", "bucket", "prefix"), fieldNames(status.path("s3")));

        String led = status.path("leader").asText();
        String leader = led.equals("n2") ? "n3" : "n2";
        run("put", "range/1", "v", "--keyspace", "ranges").ok();
        assertEquals(2, run("delete-range", "--keyspace", "ranges").code());
        run("delete-range", "--keyspace", "ranges", "--prefix", "range/").ok();
        assertEquals("", run("scan", "--keyspace", "ranges").ok().out());
        assertEquals(leader + " leads", run("lead", leader).ok().out().strip());
        assertEquals(leader, json(run("status", "--json").ok()).path("leader").asText());
        assertEquals(1, run("lead", "n9").code());
        run("stop", leader).ok();
        assertEquals(
                "DOWN",
                node(json(run("status", "--json").ok()), leader).path("role").asText());
        byte[] binary = new byte[300_000];
        new Random(1).nextBytes(binary);
        tidemark.run(binary, "put", "--dir", dir, "bin", "--keyspace", "other").ok();
        run("start", leader).ok();
        Path out = scratch.resolve("bin.out");
        run("get", "bin", "--keyspace", "other", "--out", out.toString()).ok();
        assertEquals(HexFormat.of().formatHex(binary), HexFormat.of().formatHex(Files.readAllBytes(out)));

        for (String[] told :
                new String[][] {{"scan", "--dir", dir, "--json"}, {"get", "--dir", dir, "bin", "--keyspace", "other"}
                }) {
            Outcome cut = tidemark.run(new byte[0], new File("/dev/full"), told);
            assertEquals(1, cut.code(), "a copy that was cut off must not look whole");
            assertTrue(cut.err().contains("its disk is full"), cut.toString());
        }

        JsonNode verified = json(run("verify", "--json").ok());
        assertTrue(verified.path("ok").asBoolean(), verified.toString());

        String last = verified.path("lsn").asText();
        String told =
                run("watch", "--until-lsn", last, "--prefix", "range/").ok().out();
        assertTrue(told.contains("\"change\":\"put\",\"keyspace\":\"ranges\""), told);
        Outcome keyless = run("watch", "--until-lsn", last, "--set", "s3-encryption-key-file=no.keys");
        assertEquals(1, keyless.code(), "the settings given are those that S3 is read with");
        assertTrue(keyless.err().contains("no.keys"), keyless.toString());

        run("down").ok();
        assertEquals(1, run("status").code());
        run("up", "--detach").ok();
        exportEquals(tree, "second");
        if (Boolean.getBoolean("tidemark.long")) { // as PowerCutIT and TotalLossIT of jepsen, with a tree
            startsAfterAPowerCut(tree);
            comesBackFromS3Alone(tree);
        }
    }

    /** Every node's disk gone, the S3 endpoint left. */
    private void comesBackFromS3Alone(Path tree) throws Exception {
        run("verify", "--nodes-only").ok();
        run("down").ok();
        Outcome early = run("restore");
        assertEquals(1, early.code());
        assertTrue(early.err().contains("still holds data"), early.toString());
        for (String name : List.of("n1", "n2", "n3")) {
            DirectoryTree.remove(Path.of(dir, name));
        }
        Outcome refused = run("up", "--detach");
        assertEquals(1, refused.code());
        assertTrue(refused.err().contains("tidemark restore"), refused.toString());
        JsonNode restored = json(run("restore", "--json").ok());
        run("up", "--detach").ok();
        exportEquals(tree, "fourth");
        run("put", "after", "the restore").ok();
        JsonNode verified = json(run("verify", "--json").ok());
        assertTrue(verified.path("ok").asBoolean(), verified.toString());
        assertTrue(verified.path("lsn").asLong() > restored.path("lsn").asLong(), verified.toString());
    }

    @Test
    @EnabledIfSystemProperty(named = "tidemark.long", matches = "true")
    void inspectAndCheckTellWhatFilesHoldAndFindDamage() throws Exception {
        run("up", "--detach").ok();
        run("put", "some key", "some value").ok();
        run("verify").ok();
        Outcome running = run("check", "--node", "n1");
        assertEquals(1, running.code());
        assertTrue(running.err().contains("stop it first"), running.toString());
        run("down").ok();
        assertTrue(run("check", "--node", "n1").ok().out().contains("everything is in order"));
        Path history = onlyHistory(Path.of(dir, "s3", "tidemark", "trial"));
        Path segment = first(history.resolve("log"));
        assertTrue(inspect("segment", segment).ok().out().contains("history"));
        assertTrue(inspect("manifest", first(history.resolve("manifest")))
                .ok()
                .out()
                .contains("up to LSN"));
        assertTrue(
                inspect("manifest", history.resolve("history.json")).ok().out().contains("first of its line"));
        Path engine = Path.of(dir, "n1", "engine");
        Path wal = first(engine.resolve("wal"));
        assertTrue(inspect("wal", wal).ok().out().contains("bytes of redo"));
        assertTrue(inspect("store", engine).ok().out().contains("checkpoint: LSN"));
        assertTrue(inspect("page", engine.resolve("pages.dat")).ok().out().contains("slot 1"));

        byte[] bytes = Files.readAllBytes(segment);
        bytes[bytes.length / 2] ^= 1;
        Path damaged = Files.write(scratch.resolve("damaged.seg"), bytes);
        Outcome found = inspect("segment", damaged);
        assertEquals(1, found.code());
        assertTrue(found.err().contains("CRC"), found.toString());
    }

    private Outcome inspect(String kind, Path file) throws Exception {
        return tidemark.run("inspect", kind, file.toString());
    }

    private static Path onlyHistory(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            List<Path> all = children.filter(child -> Files.exists(child.resolve("history.json")))
                    .toList();
            assertEquals(1, all.size(), all.toString());
            return all.get(0);
        }
    }

    private static Path first(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.filter(Files::isRegularFile).sorted().findFirst().orElseThrow();
        }
    }

    /** All three, and the S3 endpoint, at the same moment. */
    private void startsAfterAPowerCut(Path tree) throws Exception {
        for (String name : List.of("n1", "n2", "n3", "s3")) {
            long pid = Long.parseLong(
                    Files.readString(Path.of(dir, "run", name + ".pid")).trim());
            ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
            process.destroyForcibly();
            process.onExit().join();
        }
        run("up", "--detach").ok();
        exportEquals(tree, "third");
    }

    @Test
    void keysAndConditions() throws Exception {
        run("up", "--detach").ok();
        String version =
                json(run("put", "k", "one", "--json").ok()).path("version").asText();
        assertEquals("one", run("get", "k").ok().out());
        Outcome refused = run("put", "k", "two", "--if-absent");
        assertEquals(1, refused.code());
        assertTrue(refused.err().contains(version), refused.toString());
        run("put", "k", "two", "--if-version", version).ok();
        assertEquals(1, run("put", "k", "three", "--if-version", version).code());
        assertEquals("two", run("get", "k", "--consistency", "local").ok().out());
        assertTrue(run("scan").ok().out().startsWith("k\t3\t"));
        run("delete", "k").ok();
        Outcome gone = run("get", "k");
        assertEquals(1, gone.code());
        assertTrue(gone.err().contains("does not exist"), gone.toString());
        Outcome lines = tidemark.run(
                "{\"key\":\"a\",\"value\":\"1\"}\n{\"key\":\"b\"}\n".getBytes(StandardCharsets.UTF_8),
                "load",
                "-",
                "--dir",
                dir);
        assertEquals(1, lines.code());
        assertTrue(lines.err().contains("line 2"), lines.toString());
        assertEquals("1", run("get", "a").ok().out());
        String endpoints = json(run("status", "--json").ok())
                .path("nodes")
                .get(1)
                .path("http")
                .asText();
        Outcome elsewhere = tidemark.run("get", "a", "--endpoints", endpoints).ok();
        assertEquals("1", elsewhere.out());
        aSecondDaemonIsRefused();
        aStrangersDirectoryIsRefused();
    }

    private void aSecondDaemonIsRefused() throws Exception {
        Outcome second = tidemark.run("daemon", "--dir", dir, "--node", "n1");
        assertEquals(1, second.code());
        assertTrue(second.err().contains("is open already, in process"), second.toString());
    }

    private void aStrangersDirectoryIsRefused() throws Exception {
        run("stop", "n2").ok();
        Path identity = Path.of(dir, "n2", "identity.json");
        String own = Files.readString(identity);
        String cluster = JSON.readTree(own).path("cluster").asText();
        Files.writeString(identity, own.replace(cluster, "00000000-0000-0001-0000-000000000001"));
        Outcome refused = run("start", "n2");
        assertEquals(1, refused.code());
        assertTrue(refused.err().contains("another cluster"), refused.toString());
        Files.writeString(identity, own);
        run("start", "n2").ok();
    }

    @Test
    void aPortInUseStopsTheStartAndLeavesNothingHalfDone() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            Outcome refused = run("up", "--detach", "--s3-port", port);
            assertEquals(1, refused.code());
            assertTrue(refused.err().contains("127.0.0.1:" + port), refused.toString());
        }
        for (String name : List.of("n1", "n2", "n3", "s3")) {
            assertFalse(Files.exists(Path.of(dir, "run", name + ".pid")), name);
        }
    }

    private Outcome run(String command, String... more) throws Exception {
        List<String> line = new ArrayList<>(List.of(command, "--dir", dir));
        line.addAll(List.of(more));
        return tidemark.run(line.toArray(String[]::new));
    }

    private void exportEquals(Path tree, String name) throws Exception {
        Path target = scratch.resolve(name);
        run("export", "--to", target.toString()).ok();
        assertEquals(content(tree), content(target));
        assertNotEquals(0, content(tree).size());
    }

    /** Empty files, empty directories, odd names, binary files, one of several MiB. */
    private Path tree() throws IOException {
        Path tree = Files.createDirectory(scratch.resolve("tree"));
        Random random = new Random(42);
        for (int i = 0; i < 200; i++) {
            Path file = tree.resolve("d" + i % 7 + "/e" + i % 3 + "/file " + i);
            Files.createDirectories(file.getParent());
            byte[] bytes = new byte[random.nextInt(20_000)];
            random.nextBytes(bytes);
            Files.write(file, bytes);
        }
        Files.write(tree.resolve("empty"), new byte[0]);
        byte[] large = new byte[5 << 20];
        random.nextBytes(large);
        Files.write(tree.resolve("large.bin"), large);
        Files.writeString(tree.resolve("über-größe %41 \"q\" 日本.txt"), "odd");
        Files.createDirectories(tree.resolve("d1/nothing"));
        return tree;
    }

    private static long files(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile).count();
        }
    }

    private static TreeMap<String, String> content(Path root) throws IOException {
        TreeMap<String, String> content = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.toList()) {
                boolean directory = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
                content.put(
                        root.relativize(path).toString(),
                        directory ? "directory" : new String(Files.readAllBytes(path), ISO_8859_1));
            }
        }
        return content;
    }

    private static JsonNode json(Outcome outcome) throws IOException {
        return JSON.readTree(outcome.out().getBytes(ISO_8859_1));
    }

    private static JsonNode node(JsonNode status, String name) {
        for (JsonNode node : status.path("nodes")) {
            if (node.path("name").asText().equals(name)) {
                return node;
            }
        }
        throw new AssertionError("no node " + name + " in " + status);
    }

    private static List<String> fieldNames(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
