package io.tidemark.bench;

import io.tidemark.bench.trial.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A directory of its own for one measurement, removed with all that is in it. */
record ScratchDirectory(Path path) implements AutoCloseable {

    /** @param parent made if absent; null for the system's temporary directory */
    static ScratchDirectory under(Path parent) throws IOException {
        return new ScratchDirectory(
                parent == null
                        ? Files.createTempDirectory("tidemark-bench")
                        : Files.createTempDirectory(Files.createDirectories(parent), "tidemark-bench"));
    }

    @Override
    public void close() throws IOException {
        Trees.remove(path);
    }
}
