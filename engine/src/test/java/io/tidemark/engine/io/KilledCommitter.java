package io.tidemark.engine.io;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;

/** A process that commits in a directory for ever and tells the number of each commit that returned, until it is killed. */
public final class KilledCommitter {
    private KilledCommitter() {}

    /**
     * Returns the last commit that the process told of.
     *
     * @param main gets the directory, and prints a line for each commit
     * @param commits lines to wait for before the kill
     */
    public static long run(Class<?> main, Path directory, int commits) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), US_ASCII))) {
            String line = null;
            for (int i = 0; i < commits; i++) {
                line = out.readLine();
            }
            // Not Process.destroyForcibly, which closes the pipe as well.
            process.toHandle().destroyForcibly();
            // What it said before it died counts too.
            for (String more = out.readLine(); more != null; more = out.readLine()) {
                line = more;
            }
            process.waitFor();
            return Long.parseLong(line);
        } finally {
            process.destroyForcibly();
        }
    }
}
