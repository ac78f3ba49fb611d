package io.tidemark.daemon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.daemon.it.Dist.Outcome;
import io.tidemark.daemon.restore.DirectoryTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Two of three disks are lost while S3 has been away for some time. */
@EnabledIfSystemProperty(named = "tidemark.long", matches = "true")
@Timeout(240)
class SurvivorIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int WRITES = 5;

    @TempDir
    private Path scratch;

    private Path dir;

    private Outcome run(String command, String... arguments) throws Exception {
        Stream<String> all = Stream.concat(Stream.of(command, "--dir", dir.toString()), Arrays.stream(arguments));
        return new Dist(scratch).run(all.toArray(String[]::new));
    }

    @Test
    void l9_aRestoreWithASurvivorsLogGivesEveryAcknowledgedWrite() throws Exception {
        dir = scratch.resolve("cluster");
        try {
            run("up", "--detach").ok();
            run("put", "before", "S3 has it").ok();
            run("verify").ok();
            run("stop", "s3").ok();
            for (int i = 0; i < WRITES; i++) {
                run("put", "key" + i, "value" + i).ok();
            }
            for (String name : new String[] {"n1", "n2", "n3"}) {
                kill(name);
            }
            DirectoryTree.remove(dir.resolve("n1"));
            DirectoryTree.remove(dir.resolve("n3"));
            Outcome refused = run("restore");
            assertEquals(1, refused.code());
            assertTrue(refused.err().contains("--with-log"), refused.toString());
            Path safe = scratch.resolve("safe");
            Files.move(dir.resolve("n2"), safe);
            JsonNode restored = JSON.readTree(
                    run("restore", "--json", "--with-log", safe.toString()).ok().out());
            assertTrue(restored.path("beyond").asLong() >= WRITES, restored.toString());
            assertTrue(Files.exists(safe.resolve("raft")), "the survivor is left as it was");
            run("up", "--detach").ok();
            assertEquals("S3 has it", run("get", "before").ok().out().strip());
            for (int i = 0; i < WRITES; i++) {
                assertEquals("value" + i, run("get", "key" + i).ok().out().strip());
            }
            run("put", "after", "the restore").ok();
            run("verify").ok();
        } finally {
            run("down").ok();
        }
    }

    private void kill(String name) throws Exception {
        long pid = Long.parseLong(
                Files.readString(dir.resolve("run").resolve(name + ".pid")).strip());
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        process.destroyForcibly();
        process.onExit().get(20, TimeUnit.SECONDS);
    }
}
