package io.tidemark.bench.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * CPU time that a process had used at one moment.
 *
 * @param threadNanos by native thread id, nanoseconds on a CPU (first number of {@code task/TID/schedstat}); a thread
 *     that ends between two samples is missing from the later one
 * @param processNanos of all threads, ended ones too; resolution one tick, 10 ms
 */
public record CpuSample(Map<Long, Long> threadNanos, long processNanos) {
    /** USER_HZ of every Linux that a JVM runs on. */
    private static final long NANOS_PER_TICK = 10_000_000;

    /** Position of utime among the fields that follow the command's closing parenthesis. */
    private static final int UTIME_FIELD = 11;

    public static final CpuSample UNKNOWN = new CpuSample(Map.of(), 0);

    /** The process's CPU time now; {@link #UNKNOWN} when there is no such process or no {@code /proc}. */
    public static CpuSample of(long pid) {
        Path process = Path.of("/proc", Long.toString(pid));
        Map<Long, Long> threads = new TreeMap<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(process.resolve("task"))) {
            for (Path task : tasks) {
                readThread(task, threads);
            }
            String stat = Files.readString(process.resolve("stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            long ticks = Long.parseLong(fields[UTIME_FIELD]) + Long.parseLong(fields[UTIME_FIELD + 1]);
            return new CpuSample(threads, ticks * NANOS_PER_TICK);
        } catch (IOException e) {
            return UNKNOWN;
        }
    }

    private static void readThread(Path task, Map<Long, Long> threads) throws IOException {
        try {
            String schedstat = Files.readString(task.resolve("schedstat"));
            threads.put(
                    Long.parseLong(task.getFileName().toString()),
                    Long.parseLong(schedstat.substring(0, schedstat.indexOf(' '))));
        } catch (NoSuchFileException endedMeanwhile) {
            threads.remove(Long.parseLong(task.getFileName().toString()));
        }
    }

    /** Resident memory of a process in bytes; -1 when unknown. */
    public static long residentBytes(long pid) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) << 10;
                }
            }
        } catch (IOException e) {
            return -1;
        }
        return -1;
    }
}
