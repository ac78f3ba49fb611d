package io.tidemark.jepsen.plant;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;

/**
 * A wall clock for each daemon that can be set and made to drift while the daemon runs: what it reads of
 * {@code java.time.Clock} and {@code Instant.now()}, which all its parts and the S3 client do. Monotonic clocks, which the
 * system does not let jump, stay right. Ratis and log lines that ask {@code System.currentTimeMillis()} see the true time.
 */
public final class Clocks {
    private static final String RULE = "clocks.btm";

    private final Path directory;
    private final Path rule;

    /**
     * All clocks right.
     *
     * @param directory for a small file of each node, and the rule
     */
    public Clocks(Path directory, List<String> nodes) {
        this.directory = directory;
        this.rule = directory.resolve(RULE);
        try (InputStream in = Clocks.class.getResourceAsStream(RULE)) {
            Files.createDirectories(directory);
            Files.copy(in, rule, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + rule, e);
        }
        nodes.forEach(this::right);
    }

    /** The file for {@link Agent}. */
    public Path rule() {
        return rule;
    }

    /** What a daemon's JVM has to be told beside {@link Agent}. */
    public String jvmArgument() {
        return "-D" + Skew.DIRECTORY + "=" + directory;
    }

    /** The clock shows this many seconds more than the true one from now on. */
    public void jump(String node, long seconds) {
        set(node, seconds * 1_000, 1);
    }

    /** From now on the clock runs at this multiple of the true speed, from where the true one is. */
    public void drift(String node, double speed) {
        set(node, 0, speed);
    }

    /** The clock is right again. */
    public void right(String node) {
        set(node, 0, 1);
    }

    private void set(String node, long millis, double speed) {
        Path file = directory.resolve("clock-" + node);
        Path next = directory.resolve("clock-" + node + ".new");
        try {
            Files.writeString(
                    next, String.format(Locale.ROOT, "%d %s %d%n", millis, speed, System.currentTimeMillis()));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot set the clock of " + node, e);
        }
    }
}
