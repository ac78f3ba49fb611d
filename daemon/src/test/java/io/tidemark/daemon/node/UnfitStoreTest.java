package io.tidemark.daemon.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.io.DirectoryLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnfitStoreTest {
    private static final List<String> ALL = List.of("engine", "formed", "identity.json", "raft");

    @TempDir
    Path disk;

    private void node() throws IOException {
        Files.writeString(disk.resolve("identity.json"), "{}");
        Files.writeString(disk.resolve("formed"), "n1-1");
        Files.createDirectories(disk.resolve("engine/wal"));
        Files.createDirectories(disk.resolve("raft/group"));
    }

    private static List<String> names(Path of) throws IOException {
        try (Stream<Path> children = Files.list(of)) {
            return children.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void c1_everythingGoesAsideAndOnlyTheLastIsKept() throws IOException {
        UnfitStore unfit = new UnfitStore(disk);
        for (String why : List.of("first", "second")) {
            node();
            unfit.setAside(why);
            assertEquals(List.of("unfit"), names(disk));
            assertEquals(
                    Stream.concat(ALL.stream(), Stream.of("why.txt")).sorted().toList(), names(unfit.path()));
            assertEquals(why, Files.readString(unfit.path().resolve("why.txt")).strip());
            assertTrue(Files.isDirectory(unfit.path().resolve("engine/wal")));
        }
    }

    @Test
    void c1_whatACrashLeavesIsCompletedAndAnotherNodesFilesAreLeftAlone() throws IOException {
        UnfitStore unfit = new UnfitStore(disk);
        for (int moved = 1; moved <= ALL.size(); moved++) {
            node();
            unfit.setAside("why");
            for (String back : ALL.subList(0, ALL.size() - moved)) {
                if (!back.equals("identity.json")) {
                    Files.move(unfit.path().resolve(back), disk.resolve(back));
                }
            }
            unfit.complete();
            assertEquals(List.of("unfit"), names(disk), moved + " were moved before the crash");
        }
        node();
        Files.delete(disk.resolve("identity.json"));
        unfit.complete();
        assertTrue(Files.exists(disk.resolve("engine")), "these are not the files that were being set aside");
    }

    @Test
    void c1_theProcessThatHadTheDirectoryTakesItAnew() throws IOException {
        try (DirectoryLock before = DirectoryLock.take(disk)) {
            node();
            new UnfitStore(disk).setAside("why");
            assertFalse(Files.exists(disk.resolve("lock")), before.toString());
            DirectoryLock.take(disk).close();
        }
    }

    @Test
    void aDirectoryWithoutOneIsLeftAlone() throws IOException {
        node();
        new UnfitStore(disk).complete();
        assertEquals(ALL, names(disk));
        assertFalse(Files.exists(disk.resolve("unfit")));
    }
}
