package io.tidemark.jepsen.fault;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A small file system of a test's own, in memory, that can be filled to its last byte. Making one needs the right to
 * mount.
 */
public final class SmallDisk implements AutoCloseable {

    private static final byte[] CHUNK = new byte[64 * 1024];

    private final Path directory;

    private SmallDisk(Path directory) {
        this.directory = directory;
    }

    /** Mounts a file system at a directory that does not exist; empty if this machine does not allow it. */
    public static Optional<SmallDisk> mount(Path directory, long bytes) {
        try {
            Files.createDirectories(directory);
            int exit = run("mount", "-t", "tmpfs", "-o", "size=" + bytes, "tmpfs", directory.toString());
            return exit == 0 ? Optional.of(new SmallDisk(directory)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // there is no command to mount with
        }
    }

    /** Its root. */
    public Path directory() {
        return directory;
    }

    /** Bytes that are free. */
    public long freeBytes() {
        try {
            return Files.getFileStore(directory).getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets somebody else's file grow until no more than this is free; 0 fills the disk. */
    public void fill(long bytesLeft) {
        try (OutputStream out = Files.newOutputStream(junk(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (freeBytes() > bytesLeft) {
                out.write(CHUNK, 0, (int) Math.min(CHUNK.length, freeBytes() - bytesLeft));
            }
        } catch (IOException e) {
            if (bytesLeft > 0) {
                throw new UncheckedIOException("the disk is full already", e);
            }
        }
    }

    /** Removes what {@link #fill} wrote. */
    public void free() {
        try {
            Files.deleteIfExists(junk());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path junk() {
        return directory.resolve("somebody-elses-file");
    }

    /** Unmounts; everything on it must be closed. */
    @Override
    public void close() {
        try {
            if (run("umount", directory.toString()) != 0) {
                run("umount", "-l", directory.toString());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unmount " + directory, e);
        }
    }

    private static int run(String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(String.join(" ", command) + " does not end");
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
