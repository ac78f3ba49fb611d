package io.tidemark.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Bytes that processes have let the kernel write to disks, by {@code /proc/PID/io}. Linux only. */
public final class WrittenBytes {
    private static final String FIELD = "write_bytes: ";

    private WrittenBytes() {}

    public static long of(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "io"))) {
            if (line.startsWith(FIELD)) {
                return Long.parseLong(line.substring(FIELD.length()).strip());
            }
        }
        throw new IOException("/proc/" + pid + "/io has no " + FIELD);
    }
}
