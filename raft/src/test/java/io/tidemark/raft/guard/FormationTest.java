package io.tidemark.raft.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.apache.ratis.server.storage.RaftStorage.StartupOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FormationTest {
    private static final UUID GROUP = UUID.fromString("00000000-0000-0000-0000-000000000001");

    @TempDir
    Path dir;

    private Formation formation(String peer) {
        return new Formation(dir, peer, new RaftFiles(dir.resolve("raft"), GROUP));
    }

    private Path current() throws IOException {
        return Files.createDirectories(
                dir.resolve("raft").resolve(GROUP.toString()).resolve("current"));
    }

    @Test
    void r5_aLogIsMadeOnceAndFoundAgain() throws IOException {
        assertEquals(StartupOption.FORMAT, formation("n1-1").startupOption());
        Files.writeString(current().resolve("raft-meta"), "term=0");
        assertEquals(StartupOption.RECOVER, formation("n1-1").startupOption(), "killed before the marker was written");
        formation("n1-1").formed();
        assertEquals(StartupOption.RECOVER, formation("n1-1").startupOption());
    }

    @Test
    void r5_aLostLogIsNeverMadeAnew() {
        formation("n1-1").formed();
        TidemarkException lost =
                assertThrows(TidemarkException.class, () -> formation("n1-1").startupOption());
        assertEquals(ErrorKind.FATAL, lost.kind());
        assertTrue(lost.getMessage().contains("joins as a new incarnation"), lost.getMessage());
    }

    @Test
    void r5_anotherNodesDirectoryIsRefused() {
        formation("n1-1").formed();
        TidemarkException other =
                assertThrows(TidemarkException.class, () -> formation("n2-1").startupOption());
        assertTrue(other.getMessage().contains("n1-1"), other.getMessage());
    }

    @Test
    void theFirstIndexIsReadFromTheNamesOfTheFiles() throws IOException {
        RaftFiles files = new RaftFiles(dir.resolve("raft"), GROUP);
        assertTrue(files.firstIndex().isEmpty());
        Files.createFile(current().resolve("log_inprogress_0"));
        assertTrue(files.firstIndex().isEmpty(), "an empty open file holds nothing");
        Files.writeString(current().resolve("log_inprogress_121"), "entries");
        Files.writeString(current().resolve("log_53-120"), "entries");
        assertEquals(53, files.firstIndex().getAsLong());
        assertEquals(120, files.closedSegments().get(0).last());
        files.moveLogAside(dir.resolve("aside"));
        assertTrue(files.firstIndex().isEmpty());
        assertTrue(Files.exists(dir.resolve("aside").resolve("log_53-120")));
    }
}
