package io.tidemark.jepsen.run;

import io.tidemark.jepsen.cluster.ProcessSignal;
import io.tidemark.jepsen.cluster.Shell;
import io.tidemark.jepsen.cluster.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Temporary directories of runs, named after the process that made them, and what runs left in them that were killed:
 * processes whose command line names the directory, mounts, files.
 */
final class Leftovers {

    private static final String PREFIX = "tidemark-jepsen-run-";
    private static final Pattern NAME = Pattern.compile(PREFIX + "([0-9]+)-.*");
    private static final Path ROOT = Path.of(System.getProperty("java.io.tmpdir"));

    private Leftovers() {}

    /** A directory of this process' own, after what dead ones left is removed. */
    static Path newDirectory() {
        try {
            sweep();
            return Files.createTempDirectory(
                    ROOT, PREFIX + ProcessHandle.current().pid() + "-");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a directory below " + ROOT, e);
        }
    }

    private static void sweep() throws IOException {
        List<Path> left;
        try (Stream<Path> children = Files.list(ROOT)) {
            left = children.filter(Leftovers::orphaned).toList();
        }
        for (Path directory : left) {
            String mark = directory + "/";
            List<Long> pids =
                    ProcessHandle.allProcesses().map(ProcessHandle::pid).toList();
            pids.stream()
                    .filter(pid -> ProcessSignal.KILL.send(pid, mark))
                    .forEach(pid -> ProcessSignal.awaitGone(pid, mark, Duration.ofSeconds(20)));
            for (String line : Files.readAllLines(Path.of("/proc/self/mounts"))) {
                String mounted = line.split(" ")[1];
                if (mounted.startsWith(mark)) {
                    Shell.ask(List.of("umount", "-l", mounted));
                }
            }
            Trees.remove(directory);
        }
    }

    private static boolean orphaned(Path directory) {
        Matcher name = NAME.matcher(directory.getFileName().toString());
        return name.matches() && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty();
    }
}
