package io.tidemark.daemon.process;

import io.tidemark.daemon.cluster.ClusterDirectory;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/** Finds a running process of a cluster by its pid file, and makes sure that it is the one. */
public final class OwnProcess {
    private OwnProcess() {}

    /** The running process of this name; empty when there is none or its pid belongs to a stranger by now. */
    public static Optional<ProcessHandle> find(ClusterDirectory directory, String name) {
        Path file = directory.pid(name);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        return ProcessHandle.of(readPid(file))
                .filter(ProcessHandle::isAlive)
                .filter(process -> carries(process, JavaCommand.mark(name, directory.root())));
    }

    /** Notes the pid of a process; the file holds the number and nothing else, whenever it is looked at. */
    public static void record(ClusterDirectory directory, String name, long pid) {
        Path file = directory.pid(name);
        // A process and the command that starts it both write.
        Path beside = file.resolveSibling(
                file.getFileName() + "." + ProcessHandle.current().pid());
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(beside, pid + "\n");
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new TidemarkException(ErrorKind.UNAVAILABLE, "cannot write " + file + ": " + e, e);
        }
    }

    /** Forgets the pid; no error when it is not noted. */
    public static void forget(ClusterDirectory directory, String name) {
        try {
            Files.deleteIfExists(directory.pid(name));
        } catch (IOException e) {
            throw new TidemarkException(ErrorKind.UNAVAILABLE, "cannot remove " + directory.pid(name) + ": " + e, e);
        }
    }

    private static long readPid(Path file) {
        try {
            return Long.parseLong(Files.readString(file).trim());
        } catch (IOException | NumberFormatException e) {
            throw new TidemarkException(
                    ErrorKind.CORRUPT,
                    file + " holds no pid: " + e.getMessage() + ". If the process does not run, remove the file.",
                    e);
        }
    }

    private static boolean carries(ProcessHandle process, String mark) {
        Path commandLine = Path.of("/proc", Long.toString(process.pid()), "cmdline");
        if (Files.exists(commandLine)) {
            try {
                String all = new String(Files.readAllBytes(commandLine), StandardCharsets.UTF_8);
                return List.of(all.split("\0")).contains(mark);
            } catch (IOException e) {
                return false; // it ended while we looked
            }
        }
        return process.info().commandLine().map(line -> line.contains(mark)).orElse(false);
    }
}
