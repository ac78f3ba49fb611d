package io.tidemark.engine.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OverlayDiskTest {
    private static final Path FILE = Path.of("/d/f");

    @Test
    void bytesWrittenAsTheyWereTakeNoMemory() throws IOException {
        SimulatedDisk below = new SimulatedDisk();
        below.createDirectories(FILE.getParent());
        byte[] bytes = new byte[100_001];
        new Random(1).nextBytes(bytes);
        below.open(FILE).write(ByteBuffer.wrap(bytes), 0);
        try (OverlayDisk disk = new OverlayDisk(below, 8192)) {
            DiskFile file = disk.open(FILE);
            file.write(ByteBuffer.wrap(bytes, 777, bytes.length - 777), 777);
            bytes[50_000]++;
            file.write(ByteBuffer.wrap(bytes), 0);
            ByteBuffer read = ByteBuffer.allocate(bytes.length);
            file.read(read, 0);
            assertEquals(ByteBuffer.wrap(bytes), read.flip());
            assertEquals(bytes.length, file.size());
            assertThrows(IOException.class, () -> file.write(ByteBuffer.allocate(20_000), 0));
        }
    }
}
