package io.tidemark.jepsen.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Signals to processes that a test started. */
public enum ProcessSignal {
    /** Ends it at once, as a power cut of this process alone. */
    KILL,
    /** Asks it to end cleanly. */
    TERM,
    /** Has a JVM write all its threads' stacks to its log. */
    QUIT,
    /** Pauses it. */
    STOP,
    /** Lets it go on. */
    CONT;

    /**
     * Sends this signal.
     *
     * @param mark must occur in the process' command line; if it does not, the process is somebody else's and is left
     *     alone
     * @return whether the signal was sent
     */
    public boolean send(long pid, String mark) {
        if (!commandLine(pid).contains(mark)) {
            return false;
        }
        try {
            Process kill = new ProcessBuilder("kill", "-s", name(), Long.toString(pid))
                    .redirectErrorStream(true)
                    .start();
            if (!kill.waitFor(10, TimeUnit.SECONDS)) {
                throw new AssertionError("kill -s " + name() + " " + pid + " does not end");
            }
            return kill.exitValue() == 0;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot signal " + pid, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while signalling " + pid, e);
        }
    }

    /** Waits until the process is gone; a zombie, whose command line is empty, is gone. */
    public static void awaitGone(long pid, String mark, Duration bound) {
        Waiting.until("process " + pid + " gone", bound, () -> commandLine(pid), line -> !line.contains(mark));
    }

    /** Whether the process lives and is ours. */
    public static boolean alive(long pid, String mark) {
        return pid > 0 && commandLine(pid).contains(mark);
    }

    private static String commandLine(long pid) {
        try {
            byte[] line = Files.readAllBytes(Path.of("/proc", Long.toString(pid), "cmdline"));
            return new String(line, StandardCharsets.UTF_8).replace('\0', ' ');
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            return ""; // the process went while its file was read
        }
    }
}
