package io.tidemark.engine.io;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * At most one store works on a directory: the file {@code lock} in it, which names the process. The lock is the operating
 * system's and goes with the process, however that ends.
 */
public final class DirectoryLock implements AutoCloseable {
    private static final String FILE = "lock";

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Takes the lock, making the directory when there is none; {@code UNAVAILABLE} names who has it. */
    public static DirectoryLock take(Path directory) {
        Path file = directory.resolve(FILE);
        try {
            Files.createDirectories(directory);
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (!isFree(channel)) {
                String owner = Files.readString(file).strip();
                channel.close();
                throw new TidemarkException(
                        ErrorKind.UNAVAILABLE,
                        "the store in " + directory + " is open already, in process " + owner
                                + "; close it there first");
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
            return new DirectoryLock(channel);
        } catch (IOException e) {
            throw new TidemarkException(ErrorKind.UNAVAILABLE, "cannot lock " + file + ": " + e, e);
        }
    }

    /** As {@link #take}; null, and nothing is made, where the directory has never been locked. */
    public static DirectoryLock takeExisting(Path directory) {
        return Files.exists(directory.resolve(FILE)) ? take(directory) : null;
    }

    private static boolean isFree(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // this very process has it
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new TidemarkException(ErrorKind.UNAVAILABLE, "cannot release a lock: " + e, e);
        }
    }
}
