package io.tidemark.raft.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.io.RealDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnThreadTest {
    @TempDir
    Path directory;

    private void sync() {
        try {
            new RealDisk().syncDirectory(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void anInterruptedThreadCannotSyncByItself() {
        Thread.currentThread().interrupt();
        try {
            assertThrows(UncheckedIOException.class, this::sync);
        } finally {
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void l6_aVoteIsOnDiskWhoeverIsInterrupted() {
        try (OwnThread own = new OwnThread("votes")) {
            Thread.currentThread().interrupt();
            own.run(this::sync);
            assertTrue(Thread.interrupted(), "the caller stays interrupted");
            IllegalStateException told = assertThrows(
                    IllegalStateException.class,
                    () -> own.run(() -> {
                        throw new IllegalStateException("told");
                    }));
            assertEquals("told", told.getMessage());
        }
    }
}
