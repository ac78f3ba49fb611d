package io.tidemark.daemon.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.client.PutResult;
import io.tidemark.client.TidemarkClient;
import io.tidemark.daemon.it.Dist.Outcome;
import io.tidemark.daemon.restore.DirectoryTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** One node whose writes all wait for S3, and the tiers of its segments, with real processes. */
class SingleNodeIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int WRITES = 300;

    @TempDir
    private Path scratch;

    private Dist tidemark;
    private Path dir;

    @BeforeEach
    void directory() {
        tidemark = new Dist(scratch);
        dir = scratch.resolve("cluster");
    }

    @AfterEach
    void down() throws Exception {
        if (Files.exists(dir.resolve("cluster.json"))) {
            run("down").ok();
        }
    }

    private Outcome run(String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(arguments));
        line.addAll(List.of("--dir", dir.toString()));
        return tidemark.run(line.toArray(String[]::new));
    }

    private JsonNode json(String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(arguments));
        line.add("--json");
        return JSON.readTree(run(line.toArray(String[]::new)).ok().out());
    }

    private TidemarkClient client() throws IOException {
        JsonNode cluster = JSON.readTree(Files.readString(dir.resolve("cluster.json")));
        return TidemarkClient.connect(
                List.of(cluster.path("nodes").get(0).path("http").asText()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** In the long form only: each of its many commands is a process of its own. */
    @EnabledIfSystemProperty(named = "tidemark.long", matches = "true")
    @Test
    void m6_aSingleNodeThatLostItsDiskComesBackFromS3WithEveryWriteThatItAcknowledged() throws Exception {
        run("up", "--detach", "--nodes", "1", "--set", "default-ack=s3").ok();
        try (TidemarkClient client = client()) {
            List<CompletableFuture<PutResult>> writes = new ArrayList<>();
            for (int i = 0; i < WRITES; i++) {
                writes.add(client.put("default", bytes("key-" + i), bytes("value-" + i)));
            }
            CompletableFuture.allOf(writes.toArray(CompletableFuture[]::new)).join();
        }
        long segments = json("tiers", "stats")
                .path("nodes")
                .get(0)
                .path("hot")
                .path("segments")
                .asLong();
        assertTrue(segments >= 1 && segments < WRITES / 3, segments + " segments: what comes together shares one");

        long pid = Long.parseLong(Files.readString(dir.resolve("run/n1.pid")).strip());
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        DirectoryTree.remove(dir.resolve("n1"));
        Outcome refused = run("up", "--detach");
        assertTrue(refused.code() != 0 && refused.err().contains("tidemark restore"), refused.toString());
        run("restore").ok();
        run("up", "--detach").ok();
        try (TidemarkClient client = client()) {
            for (int i = 0; i < WRITES; i++) {
                assertArrayEquals(
                        bytes("value-" + i),
                        TidemarkClient.await(client.get("default", bytes("key-" + i)))
                                .value());
            }
        }
        theTiersOfItsSegmentsAreChangedByHand();
    }

    private void theTiersOfItsSegmentsAreChangedByHand() throws Exception {
        run("put", "a", "b").ok();
        JsonNode hot = json("tiers", "list", "--tier", "hot").path("nodes");
        String segment = hot.get(0).path("segment_path").asText();
        assertFalse(hot.get(0).path("is_archived").asBoolean());
        assertEquals(hot.size(), copies());

        assertTrue(run("tiers", "archive", segment).ok().out().contains("is in S3 alone now"));
        assertEquals(hot.size() - 1, copies());
        run("stop", "n1").ok();
        run("start", "n1").ok();
        assertEquals(
                segment,
                json("tiers", "list", "--tier", "cold").path("nodes").findValues("segment_path").stream()
                        .map(JsonNode::asText)
                        .filter(segment::equals)
                        .findFirst()
                        .orElse("archived no more"));

        run("tiers", "restore", segment, "--hours", "2").ok();
        assertEquals(hot.size(), copies());
        Outcome unknown = run("tiers", "restore", "00000000000000009990-00000000000000009999.seg");
        assertEquals(1, unknown.code());
        assertTrue(unknown.err().contains("there is no segment"), unknown.toString());
    }

    private long copies() throws IOException {
        try (Stream<Path> files = Files.list(dir.resolve("n1/segments"))) {
            return files.filter(f -> f.toString().endsWith(".seg")).count();
        }
    }
}
