package io.tidemark.daemon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.daemon.cluster.ClusterFile;
import io.tidemark.daemon.cluster.NodeAddress;
import io.tidemark.daemon.it.Dist.Outcome;
import io.tidemark.daemon.process.FreePorts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The directories of nodes, as on volumes that are attached to other machines, with real processes. */
@EnabledIfSystemProperty(named = "tidemark.long", matches = "true")
class MovedNodeIT {
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
    void aNodeGoesOnElsewhereWithItsVolumeAndSoDoesAMajority() throws Exception {
        run(here, "up", "--detach").ok();
        run(here, "put", "before", "1").ok();
        String identity = Files.readString(here.resolve("n3/identity.json"));
        run(here, "stop", "n3").ok();
        move("n3");
        run(there, "start", "n3").ok();
        assertEquals(identity, Files.readString(there.resolve("n3/identity.json")), "the same peer");
        // the others have not been started again; with n1 away a write needs n3's disk
        run(here, "stop", "n1").ok();
        run(here, "put", "with", "2").ok();
        aSecondProcessOnTheVolumeIsRefused();
        aMajorityGoesOnElsewhere();
    }

    private void aSecondProcessOnTheVolumeIsRefused() throws Exception {
        Path third = Files.createDirectories(scratch.resolve("third"));
        List<Integer> ports = new FreePorts(new SecureRandom()).take(2);
        ClusterFile.read(there.resolve("cluster.json"))
                .moved(new NodeAddress("n3", "127.0.0.1:" + ports.get(0), "127.0.0.1:" + ports.get(1)))
                .write(third.resolve("cluster.json"));
        Files.createSymbolicLink(third.resolve("n3"), there.resolve("n3"));
        Outcome second = tidemark.run("daemon", "--node", "n3", "--dir", third.toString());
        assertEquals(1, second.code());
        assertTrue(second.err().contains("is open already"), second.toString());
    }

    /** It died with its machines, n1 is away still; the volumes are attached to others. */
    private void aMajorityGoesOnElsewhere() throws Exception {
        long pid = Long.parseLong(Files.readString(here.resolve("run/n2.pid")).strip());
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        run(there, "stop", "n3").ok();
        move("n2");
        run(there, "start", "n2", "--no-wait").ok();
        run(there, "start", "n3").ok();
        for (List<String> written : List.of(List.of("before", "1"), List.of("with", "2"))) {
            assertEquals(written.get(1), run(here, "get", written.get(0)).ok().out());
        }
        run(here, "put", "after", "3").ok();
    }
}
