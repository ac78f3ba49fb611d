package io.tidemark.jepsen.fault;

import io.tidemark.jepsen.cluster.Shell;
import io.tidemark.jepsen.cluster.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Makes system calls of a running process slow, or fail, by {@code strace -e inject}. While it does, every call of the
 * process costs more, for each stops at the tracer. Closed, the process is as before.
 */
public final class SystemCalls implements AutoCloseable {

    private static final Duration ATTACHED_MAX = Duration.ofSeconds(20);

    private final Process tracer;
    private final Path said;

    private SystemCalls(Process tracer, Path said) {
        this.tracer = tracer;
        this.said = said;
    }

    /** Whether there is a tracer, and it may trace. */
    public static boolean available() {
        return Shell.ask(List.of("strace", "-qq", "-o", "/dev/null", "true")).done();
    }

    /**
     * Begins; from when this returns all threads are concerned.
     *
     * @param calls names of system calls, as {@code fsync,fdatasync}
     * @param injection as strace has it: {@code delay_enter=MICROSECONDS}, {@code error=EIO:when=3+}
     */
    public static SystemCalls inject(long pid, String calls, String injection) {
        try {
            Path said = Files.createTempFile("tidemark-strace", ".txt");
            Process tracer = new ProcessBuilder(
                            "strace",
                            "-f",
                            "-p",
                            Long.toString(pid),
                            "-o",
                            "/dev/null",
                            "-e",
                            "trace=" + calls,
                            "-e",
                            "inject=" + calls + ":" + injection)
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            SystemCalls injected = new SystemCalls(tracer, said);
            Waiting.until(
                    "strace attached to " + pid,
                    ATTACHED_MAX,
                    injected::words,
                    words -> words.contains(" attached") || !tracer.isAlive());
            if (!tracer.isAlive() && !injected.words().contains(" attached")) {
                String words = injected.words();
                injected.close();
                throw new IllegalStateException("strace cannot trace " + pid + ": " + words);
            }
            return injected;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run strace", e);
        }
    }

    private String words() {
        try {
            return Files.readString(said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets the process go; does nothing if it has ended. */
    @Override
    public void close() {
        tracer.destroy();
        try {
            if (!tracer.waitFor(20, TimeUnit.SECONDS)) {
                tracer.destroyForcibly().waitFor();
            }
            Files.deleteIfExists(said);
        } catch (InterruptedException e) {
            tracer.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
