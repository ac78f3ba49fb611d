package io.tidemark.jepsen.fault;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidemark.jepsen.cluster.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemCallsTest {

    @TempDir
    Path directory;

    @Test
    void callsFailWhileItIsOpenAndGoOnBehindIt() throws IOException {
        assumeTrue(SystemCalls.available(), "no strace, or no leave to trace");
        Path said = directory.resolve("said");
        Process copier = new ProcessBuilder(
                        "sh",
                        "-c",
                        "while true; do if mkdir x 2>/dev/null; then rmdir x; echo done; else echo failed; fi; done")
                .directory(directory.toFile())
                .redirectOutput(said.toFile())
                .start();
        try {
            awaitMore(said, "done");
            try (SystemCalls injected = SystemCalls.inject(copier.pid(), "mkdir,mkdirat", "error=EIO")) {
                awaitMore(said, "failed");
            }
            awaitMore(said, "done");
            assertTrue(copier.isAlive(), "it is let go, not ended");
        } finally {
            copier.destroyForcibly();
        }
        Waiting.until(
                "nothing of it runs on",
                Duration.ofSeconds(20),
                () -> copier.descendants().filter(ProcessHandle::isAlive).count(),
                n -> n == 0);
    }

    private static void awaitMore(Path said, String word) throws IOException {
        int before = count(said, word);
        Waiting.until(word + " is said again", Duration.ofSeconds(20), () -> count(said, word), n -> n > before);
    }

    private static int count(Path said, String word) {
        try {
            return (int) Files.readAllLines(said).stream().filter(word::equals).count();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
