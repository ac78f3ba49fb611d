package io.tidemark.jepsen.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Short commands of the operating system; each ends within {@value #SECONDS_MAX} s and prints little. */
public final class Shell {

    private static final int SECONDS_MAX = 20;

    private Shell() {}

    /**
     * What a command did.
     *
     * @param exit its exit code; 127 if there is no such program
     * @param said standard output and standard error
     */
    public record Result(List<String> command, int exit, String said) {

        /** Whether it exited with 0. */
        public boolean done() {
            return exit == 0;
        }
    }

    /** Runs a command, however it ends. */
    public static Result ask(List<String> command) {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            return new Result(command, 127, e.getMessage());
        }
        try (InputStream out = process.getInputStream()) {
            process.getOutputStream().close();
            String said = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(String.join(" ", command) + " does not end");
            }
            return new Result(command, process.exitValue(), said.strip());
        } catch (IOException e) {
            throw new UncheckedIOException(String.join(" ", command), e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in " + String.join(" ", command), e);
        }
    }

    /** Runs a command that must exit with 0; its words. */
    public static String run(String... command) {
        Result result = ask(List.of(command));
        if (!result.done()) {
            throw new IllegalStateException(
                    String.join(" ", command) + " exited with " + result.exit() + ": " + result.said());
        }
        return result.said();
    }
}
