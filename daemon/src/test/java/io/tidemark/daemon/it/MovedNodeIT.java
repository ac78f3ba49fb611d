package io.tidemark.daemon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.daemon.it.Dist.Outcome;
import io.tidemark.daemon.process.FreePorts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The directories of nodes, as on volumes that are attached to other machines, with real processes. */
class MovedNodeIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path scratch;

    private Dist tidemark;
    private Path here;
    private Path there;

    @BeforeEach
    void directories() {
        tidemark = new Dist(scratch);
        here = scratch.resolve("here");
        there = scratch.resolve("there");
    }

    @AfterEach
    void down() throws Exception {
        for (Path dir : List.of(there, here)) {
            if (Files.exists(dir.resolve("cluster.json"))) {
                tidemark.run("down", "--dir", dir.toString()).ok();
            }
        }
    }

    private Outcome run(Path dir, String... arguments) throws Exception {
        String[] line = new String[arguments.length + 2];
        System.arraycopy(arguments, 0, line, 0, arguments.length);
        line[arguments.length] = "--dir";
        line[arguments.length + 1] = dir.toString();
        return tidemark.run(line);
    }

    private JsonNode status(String node) throws Exception {
        for (JsonNode each :
                JSON.readTree(run(here, "status", "--json").ok().out()).path("nodes")) {
            if (each.path("name").asText().equals(node)) {
                return each;
            }
        }
        throw new AssertionError("no " + node);
    }

    /** To other ports of another directory; both know the new addresses afterwards. */
    private void move(String node) throws Exception {
        List<Integer> ports = new FreePorts(new SecureRandom()).take(2);
        Files.createDirectories(there);
        Files.move(here.resolve(node), there.resolve(node));
        run(here, "move", node, "--http", "127.0.0.1:" + ports.get(0), "--raft", "127.0.0.1:" + ports.get(1))
                .ok();
        Files.deleteIfExists(there.resolve("cluster.json"));
        Files.copy(here.resolve("cluster.json"), there.resolve("cluster.json"));
    }

    @Test
    void aNodeAndThenAMajorityGoOnElsewhereWithTheirVolumesAndNothingIsLost() throws Exception {
        run(here, "up", "--detach").ok();
        run(here, "put", "before", "1").ok();
        assertEquals(
                1,
                run(here, "move", "n3", "--http", "127.0.0.1:1", "--raft", "127.0.0.1:2")
                        .code());
        String identity = Files.readString(here.resolve("n3/identity.json"));

        run(here, "stop", "n3").ok();
        run(here, "put", "without", "2").ok();
        move("n3");
        run(there, "start", "n3").ok();
        assertEquals(identity, Files.readString(there.resolve("n3/identity.json")), "the same peer");
        // the others have not been started again; with n1 away a write needs n3's disk
        run(here, "stop", "n1").ok();
        run(here, "put", "with", "3").ok();
        assertEquals(there.resolve("n3").toString(), status("n3").path("dir").asText());

        Path third = Files.createDirectories(scratch.resolve("third"));
        Files.copy(there.resolve("cluster.json"), third.resolve("cluster.json"));
        Files.createSymbolicLink(third.resolve("n3"), there.resolve("n3"));
        List<Integer> ports = new FreePorts(new SecureRandom()).take(2);
        run(third, "move", "n3", "--http", "127.0.0.1:" + ports.get(0), "--raft", "127.0.0.1:" + ports.get(1))
                .ok();
        Outcome second = tidemark.run("daemon", "--node", "n3", "--dir", third.toString());
        assertEquals(1, second.code());
        assertTrue(second.err().contains("is open already"), second.toString());

        // a majority dies with its machines; its volumes are attached to others
        ProcessHandle.of(status("n2").path("pid").asLong()).orElseThrow().destroyForcibly();
        run(there, "stop", "n3").ok();
        move("n2");
        run(there, "start", "n2", "--no-wait").ok();
        run(there, "start", "n3").ok();
        for (List<String> written : List.of(List.of("before", "1"), List.of("without", "2"), List.of("with", "3"))) {
            assertEquals(written.get(1), run(here, "get", written.get(0)).ok().out());
        }
        run(here, "put", "after", "4").ok();
    }
}
