package io.tidemark.engine.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RealDiskTest {
    @TempDir
    Path directory;

    private final RealDisk disk = new RealDisk();

    @Test
    void bytesAreReadWhereTheyWereWritten() throws IOException {
        byte[] bytes = new byte[700_000];
        new Random(1).nextBytes(bytes);
        try (DiskFile file = disk.open(directory.resolve("a"))) {
            file.write(ByteBuffer.wrap(bytes), 10);
            file.sync();
            assertEquals(700_010, file.size());
            ByteBuffer direct = ByteBuffer.allocateDirect(800_000);
            assertEquals(700_000, file.read(direct, 10));
            assertEquals(ByteBuffer.wrap(bytes), direct.flip());
            assertEquals(0, file.read(ByteBuffer.allocate(5), 700_010));
            file.truncate(12);
            assertEquals(2, file.read(ByteBuffer.allocate(5), 10));
        }
    }

    @Test
    void namesAreListedRenamedAndDeleted() throws IOException {
        Path made = directory.resolve("x/y");
        assertEquals(List.of(), disk.list(made));
        disk.createDirectories(made);
        disk.createDirectories(made);
        disk.open(made.resolve("b")).close();
        disk.open(made.resolve("a")).close();
        assertEquals(List.of("a", "b"), disk.list(made));
        disk.rename(made.resolve("a"), made.resolve("b"));
        disk.syncDirectory(made);
        assertEquals(List.of("b"), disk.list(made));
        disk.delete(made.resolve("b"));
        disk.delete(made.resolve("b"));
        assertFalse(disk.exists(made.resolve("b")));
        assertTrue(disk.usableBytes(made) > 0);
    }

    @Test
    void failuresNameThePath() throws IOException {
        Path missing = directory.resolve("none/file");
        IOException e = assertThrows(IOException.class, () -> disk.open(missing));
        assertTrue(e.getMessage().contains(missing.toString()), e.getMessage());
        DiskFile file = disk.open(directory.resolve("f"));
        file.close();
        e = assertThrows(IOException.class, file::sync);
        assertTrue(
                e.getMessage().contains(directory.resolve("f") + ": sync failed: the file is closed"), e.getMessage());
    }

    @Test
    void anInterruptedThreadDoesNotCloseTheFileUnderTheOthers() throws Exception {
        try (DiskFile file = disk.open(directory.resolve("shared"))) {
            file.write(ByteBuffer.wrap(new byte[4096]), 0);
            AtomicBoolean done = new AtomicBoolean();
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Thread reader = new Thread(() -> {
                try {
                    while (!done.get()) {
                        assertEquals(4096, file.read(ByteBuffer.allocate(4096), 0));
                        assertEquals(4096, file.size());
                    }
                } catch (IOException | AssertionError e) {
                    failure.set(e);
                }
            });
            reader.start();
            for (int i = 0; i < 2_000; i++) {
                reader.interrupt();
                file.write(ByteBuffer.wrap(new byte[512]), 0);
            }
            Thread.currentThread().interrupt();
            file.sync();
            assertTrue(Thread.interrupted(), "the interrupt was swallowed");
            done.set(true);
            reader.join();
            assertEquals(null, failure.get());
        }
    }
}
