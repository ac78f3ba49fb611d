package io.tidemark.daemon.node;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * At most one process works on a node's directory. The lock is the operating system's: it goes with the process, however
 * that ends. The file lies outside of the node's directory, so that removing the directory does not unlock it.
 */
public final class DirectoryLock implements AutoCloseable {
    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Takes the lock; {@code UNAVAILABLE} names who has it. */
    public static DirectoryLock take(Path file, Path guarded) {
        try {
            Files.createDirectories(file.getParent());
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (!tryLock(channel)) {
                String owner = Files.readString(file).trim();
                channel.close();
                throw new TidemarkException(
                        ErrorKind.UNAVAILABLE,
                        "another daemon (pid " + owner + ") works on " + guarded + "; stop it first");
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
            return new DirectoryLock(channel);
        } catch (IOException e) {
            throw new TidemarkException(ErrorKind.UNAVAILABLE, "cannot lock " + file + ": " + e, e);
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
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
