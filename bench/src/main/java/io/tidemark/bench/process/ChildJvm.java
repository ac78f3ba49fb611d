package io.tidemark.bench.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A JVM with this process's class path. Its output goes to a file; the end of its standard input asks it to stop, also
 * when this process dies first.
 */
public final class ChildJvm implements AutoCloseable {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    private final Process process;

    private ChildJvm(Process process) {
        this.process = process;
    }

    /**
     * @param jvmArguments heap and the like
     * @param log receives standard output and error
     */
    public static ChildJvm start(List<String> jvmArguments, Class<?> main, List<String> arguments, Path log) {
        try {
            return new ChildJvm(new ProcessBuilder(command(jvmArguments, main.getName(), arguments))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + main.getName() + ", log " + log, e);
        }
    }

    /** The command line of a JVM with this process's Java and class path. */
    public static List<String> command(List<String> jvmArguments, String main, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmArguments);
        command.add("-cp");
        command.add(absolute(System.getProperty("java.class.path")));
        command.add(main);
        command.addAll(arguments);
        return command;
    }

    private static String absolute(String classPath) {
        List<String> parts = new ArrayList<>();
        for (String part : classPath.split(File.pathSeparator)) {
            parts.add(new File(part).getAbsolutePath());
        }
        return String.join(File.pathSeparator, parts);
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Ends it at once, by SIGKILL; returns when it is gone. */
    public void kill() {
        try {
            process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks it to stop by closing its input; kills it when it does not within 10 s. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
