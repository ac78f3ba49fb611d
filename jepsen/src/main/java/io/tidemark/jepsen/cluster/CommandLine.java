package io.tidemark.jepsen.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs {@code tidemark} commands as processes and keeps what they print in files, never in pipes: a detached daemon would
 * hold a pipe open and the reader would wait for ever.
 */
public final class CommandLine {

    private final Distribution distribution;
    private final Path workingDirectory;
    private final Path outputs;
    private final Map<String, String> environment;
    private final List<String> before;
    private final AtomicInteger runs;

    /**
     * What a command did.
     *
     * @param arguments after {@code tidemark}
     * @param exit the exit code
     * @param out everything on standard output
     * @param err everything on standard error
     */
    public record Result(List<String> arguments, int exit, String out, String err) {

        /** Fails unless the command exited with 0. */
        public Result expectDone() {
            return expect(0);
        }

        /** Fails, showing everything printed, unless the command exited with this code. */
        public Result expect(int wanted) {
            if (exit != wanted) {
                throw new AssertionError("expected exit code " + wanted + ": " + this);
            }
            return this;
        }

        @Override
        public String toString() {
            return "tidemark " + String.join(" ", arguments) + "\nexit code " + exit + "\n--- out\n" + out
                    + "\n--- err\n" + err;
        }
    }

    /**
     * @param workingDirectory where commands run
     * @param outputs directory for what they print, outside of any cluster's directory
     * @param environment added to this process' own
     */
    public CommandLine(
            Distribution distribution, Path workingDirectory, Path outputs, Map<String, String> environment) {
        this(distribution, workingDirectory, outputs, environment, List.of(), new AtomicInteger());
    }

    private CommandLine(
            Distribution distribution,
            Path workingDirectory,
            Path outputs,
            Map<String, String> environment,
            List<String> before,
            AtomicInteger runs) {
        this.distribution = distribution;
        this.workingDirectory = workingDirectory;
        this.outputs = outputs;
        this.environment = Map.copyOf(environment);
        this.before = List.copyOf(before);
        this.runs = runs;
    }

    /** The same, but every command runs within another one, for example on another host. */
    public CommandLine within(List<String> command) {
        return new CommandLine(distribution, workingDirectory, outputs, environment, command, runs);
    }

    /** Runs a command to its end; a command that does not end within the bound is killed and fails the test. */
    public Result run(Duration bound, String... arguments) {
        Running running = begin(arguments);
        return running.await(bound);
    }

    /** Starts a command that runs beside the test. */
    public Running begin(String... arguments) {
        return start(
                arguments.length == 0 ? "none" : arguments[0],
                List.of(arguments),
                distribution.command(List.of(arguments)));
    }

    /** Starts another program of the distribution, beside the test. */
    public Running beginProgram(String name, String mainClass, String... arguments) {
        return start(name, List.of(arguments), distribution.command(mainClass, List.of(arguments)));
    }

    private Running start(String name, List<String> arguments, List<String> command) {
        String number = String.format("%03d-%s", runs.incrementAndGet(), name);
        Path out = outputs.resolve(number + ".out");
        Path err = outputs.resolve(number + ".err");
        try {
            Files.createDirectories(outputs);
            List<String> whole = new ArrayList<>(before);
            whole.addAll(command);
            ProcessBuilder builder = new ProcessBuilder(whole);
            builder.directory(workingDirectory.toFile());
            builder.environment().putAll(environment);
            builder.redirectInput(
                    ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
            builder.redirectOutput(out.toFile());
            builder.redirectError(err.toFile());
            return new Running(arguments, Children.own(builder.start()), out, err);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + name + " " + String.join(" ", arguments), e);
        }
    }

    /** A command that may still run. */
    public record Running(List<String> arguments, Process process, Path out, Path err) implements AutoCloseable {

        /** Waits for the end. */
        public Result await(Duration bound) {
            try {
                if (!process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly().waitFor();
                    throw new AssertionError("did not end within " + bound.toMillis() + " ms: " + result(-1));
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting for " + result(-1), e);
            }
            return result(process.exitValue());
        }

        /** Whether it still runs. */
        public boolean alive() {
            return process.isAlive();
        }

        private Result result(int exit) {
            return new Result(arguments, exit, text(out), text(err));
        }

        private static String text(Path file) {
            try {
                return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Kills it if it still runs. */
        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
