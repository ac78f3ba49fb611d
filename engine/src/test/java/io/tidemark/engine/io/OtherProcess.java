package io.tidemark.engine.io;

import io.tidemark.engine.error.TidemarkException;
import java.io.IOException;
import java.nio.file.Path;

/** Another process that wants a directory's lock. */
public final class OtherProcess {
    private static final int REFUSED = 3;

    private OtherProcess() {}

    /** Whether it gets the lock; it gives it back at once. */
    public static boolean locks(Path directory) throws IOException, InterruptedException {
        int code = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OtherProcess.class.getName(),
                        directory.toString())
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0 && code != REFUSED) {
            throw new AssertionError("the other process ended with " + code);
        }
        return code == 0;
    }

    public static void main(String[] args) {
        try (DirectoryLock lock = DirectoryLock.take(Path.of(args[0]))) {
            System.exit(0);
        } catch (TidemarkException e) {
            System.exit(REFUSED);
        }
    }
}
