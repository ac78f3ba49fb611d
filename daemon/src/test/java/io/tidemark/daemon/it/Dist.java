package io.tidemark.daemon.it;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The built distribution, run as a person runs it: one process per command line. */
final class Dist {
    private static final Path LIB = Path.of("target", "tidemark", "lib").toAbsolutePath();
    private static final long LIMIT_SECONDS = 180;

    private final Path scratch;

    Dist(Path scratch) {
        this.scratch = scratch;
    }

    /** How a command line ended. */
    record Outcome(List<String> line, int code, String out, String err) {
        /** Fails the test with everything that was said, unless it ended well. */
        Outcome ok() {
            if (code != 0) {
                throw new AssertionError(this.toString());
            }
            return this;
        }

        @Override
        public String toString() {
            return line + " ended with " + code + "\n--- out\n" + out + "\n--- err\n" + err;
        }
    }

    Outcome run(String... arguments) throws IOException, InterruptedException {
        return run(new byte[0], arguments);
    }

    Outcome run(byte[] input, String... arguments) throws IOException, InterruptedException {
        File out = Files.createTempFile(scratch, "out", "").toFile();
        Outcome outcome = run(input, out, arguments);
        String said = Files.readString(out.toPath(), StandardCharsets.ISO_8859_1);
        return new Outcome(outcome.line(), outcome.code(), said, outcome.err());
    }

    /** What it says goes there, and is not looked at. */
    Outcome run(byte[] input, File out, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-XX:SharedArchiveFile=" + LIB.resolveSibling("classes.jsa"),
                "-Xlog:disable",
                "-cp",
                LIB.resolve("*").toString(),
                "io.tidemark.daemon.Main"));
        command.addAll(List.of(arguments));
        File err = Files.createTempFile(scratch, "err", "").toFile();
        File in = Files.write(Files.createTempFile(scratch, "in", ""), input).toFile();
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectInput(in).redirectOutput(out).redirectError(err);
        builder.environment().put("LC_ALL", "C.UTF-8");
        Process process = builder.start();
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError(List.of(arguments) + " did not end within " + LIMIT_SECONDS + " s: "
                        + Files.readString(err.toPath()));
            }
            return new Outcome(
                    List.of(arguments),
                    process.exitValue(),
                    "",
                    Files.readString(err.toPath(), StandardCharsets.UTF_8));
        } finally {
            process.destroyForcibly();
        }
    }
}
