package io.tidemark.jepsen.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.jepsen.workload.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreesTest {

    @Test
    void everyDifferenceIsNamed(@TempDir Path directory) throws IOException {
        Path a = Files.createDirectories(directory.resolve("a/d"));
        Path b = Files.createDirectories(directory.resolve("b/d"));
        Files.writeString(a.resolve("same"), "1");
        Files.writeString(b.resolve("same"), "1");
        Files.writeString(a.resolve("other"), "123");
        Files.writeString(b.resolve("other"), "124");
        Files.writeString(a.resolve("gone"), "");
        Files.writeString(b.resolve("new"), "");
        assertEquals(
                List.of("missing: d/gone", "differs at byte 2: d/other", "too many: d/new"),
                Trees.differences(a.getParent(), b.getParent()));
        Trees.remove(directory.resolve("b"));
        assertTrue(Files.notExists(b));
    }

    @Test
    void twoMayRemoveTheSameTreeAtOnce(@TempDir Path directory) throws Exception {
        Path tree = directory.resolve("t");
        FileTree.make(tree, 2_000, 20_000, 7);
        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> Trees.remove(tree));
        Trees.remove(tree);
        other.get(20, TimeUnit.SECONDS);
        assertTrue(Files.notExists(tree));
    }

    @Test
    void aMadeTreeIsLargeAndOddAndEqualToItsCopy(@TempDir Path directory) {
        int files = FileTree.make(directory.resolve("t"), 300, 2_000_000, 7);
        assertTrue(files >= 300, files + " files");
        assertEquals(List.of(), Trees.differences(directory.resolve("t"), directory.resolve("t")));
        assertTrue(Trees.files(directory.resolve("t")).containsKey("made/empty"));
    }
}
