package io.tidemark.bench.trial;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** What this process has used so far, by the word of the JVM and of Linux. */
final class Meter {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final Path IO = Path.of("/proc/self/io");
    private static final String WRITTEN = "wchar: ";

    private Meter() {}

    static Usage usage() {
        return new Usage(PROCESS.getProcessCpuTime(), allocatedBytes(), writtenBytes());
    }

    /** Bytes that the calling thread allocated on the heap. */
    static long allocatedBytes() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }

    /** Time that the compiler's threads have used, all together. */
    static long compilerNanos() {
        return TimeUnit.MILLISECONDS.toNanos(
                ManagementFactory.getCompilationMXBean().getTotalCompilationTime());
    }

    /**
     * Bytes that this process handed to the system in write calls; -1 unknown. Not {@code write_bytes}, which counts the
     * whole folio that a write makes dirty: up to 2 MiB for 200 bytes, on an ext4 of Linux 6.18.
     */
    private static long writtenBytes() {
        if (!Files.isReadable(IO)) {
            return -1;
        }
        try {
            for (String line : Files.readAllLines(IO)) {
                if (line.startsWith(WRITTEN)) {
                    return Long.parseLong(line.substring(WRITTEN.length()));
                }
            }
            return -1;
        } catch (IOException e) {
            return -1;
        }
    }

    /** Bytes of disk that a directory takes, holes not counted, by {@code du}; -1 when there is none. */
    static long diskBytes(Path directory) {
        try {
            Process du = new ProcessBuilder("du", "-s", "-B1", directory.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (var output = du.getInputStream()) {
                String said = new String(output.readAllBytes(), StandardCharsets.UTF_8);
                int digits = said.indexOf('\t');
                return digits < 0 ? -1 : Long.parseLong(said.substring(0, digits));
            }
        } catch (IOException e) {
            return -1;
        }
    }
}
