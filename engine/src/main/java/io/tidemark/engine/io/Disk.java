package io.tidemark.engine.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The contract with the file system, as small as the engine can live with, so that a simulated disk can lose, tear and
 * reorder. What is not synced may be lost; a created, renamed or deleted name is durable only after {@link
 * #syncDirectory}. Thread-safe.
 */
public interface Disk {
    /** Opens a file for reading and writing, creating it when absent. */
    DiskFile open(Path file) throws IOException;

    /** Creates the directory and its parents, durably; no error when it exists. */
    void createDirectories(Path directory) throws IOException;

    /** File names (not paths) in the directory, sorted; empty when the directory does not exist. */
    List<String> list(Path directory) throws IOException;

    boolean exists(Path path) throws IOException;

    /** Removes a file; no error when it does not exist. */
    void delete(Path file) throws IOException;

    /** Atomically gives {@code from} the name {@code to}, replacing what was there. */
    void rename(Path from, Path to) throws IOException;

    /** Makes the names in this directory durable. */
    void syncDirectory(Path directory) throws IOException;

    /** Bytes that can still be written on the file system of this directory. */
    long usableBytes(Path directory) throws IOException;
}
