package io.tidemark.jepsen.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a process holds at a moment when it has little to do.
 *
 * @param heap bytes in use behind a full collection
 * @param threads of the operating system
 * @param descriptors open files and sockets
 * @param resident bytes of memory that are its own or shared
 */
public record ProcessLevels(long heap, long threads, long descriptors, long resident) {

    /** Of a JVM on this machine; collects its garbage first. */
    public static ProcessLevels ofJvm(long pid) {
        Shell.run("jcmd", Long.toString(pid), "GC.run");
        Path process = Path.of("/proc", Long.toString(pid));
        return new ProcessLevels(
                heap(pid), entries(process.resolve("task")), entries(process.resolve("fd")), rss(process));
    }

    /** Sums the line of each generation: {@code def new generation   total 61440K, used 1204K [...)}. */
    private static long heap(long pid) {
        long kibibytes = 0;
        for (String line : Shell.run("jcmd", Long.toString(pid), "GC.heap_info").split("\n")) {
            int used = line.indexOf(", used ");
            if (line.contains(" total ") && used > 0) {
                String number = line.substring(used + ", used ".length());
                kibibytes += Long.parseLong(number.substring(0, number.indexOf('K')));
            }
        }
        return kibibytes << 10;
    }

    private static long entries(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long rss(Path process) {
        try {
            List<String> lines = Files.readAllLines(process.resolve("status"));
            String line = lines.stream()
                    .filter(l -> l.startsWith("VmRSS:"))
                    .findFirst()
                    .orElseThrow();
            return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
