package io.tidemark.daemon.node;

import com.codahale.metrics.MetricRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** {@code tidemark.node.disk.bytes}: the files of a node's directory, counted when somebody asks. */
final class DiskGauge {
    private DiskGauge() {}

    static void register(MetricRegistry metrics, Path directory) {
        metrics.gauge("tidemark.node.disk.bytes", () -> () -> bytes(directory));
    }

    /** Files come and go meanwhile: one that is gone counts as nothing. */
    static long bytes(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.mapToLong(
                            file -> file.toFile().isFile() ? file.toFile().length() : 0)
                    .sum();
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }
}
