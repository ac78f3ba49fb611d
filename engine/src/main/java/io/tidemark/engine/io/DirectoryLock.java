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
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Set;

/**
 * At most one owner works on a directory: a file that is locked, and names the process. The lock is the operating system's
 * and goes with the process, however that ends. Thread-safe.
 */
public final class DirectoryLock implements AutoCloseable {
    private static final String FILE = "lock";

    /**
     * Files that this process has locked: asked before one is opened, for closing any descriptor of a file gives up every lock
     * that the process has on it. By inode, as the system sees it: a directory may have several names, and lose one to
     * another. Guards itself.
     */
    private static final Set<Object> HELD = new HashSet<>();

    private final FileChannel channel;
    private final Object inode;

    private DirectoryLock(FileChannel channel, Object inode) {
        this.channel = channel;
        this.inode = inode;
    }

    /**
     * Takes the lock in the file {@code lock} of the directory, making both when there are none; {@code UNAVAILABLE} names
     * the process that has it, which may be this one.
     */
    public static DirectoryLock take(Path directory) {
        return take(directory.resolve(FILE), directory);
    }

    /** As {@link #take(Path)}; null, and nothing is made, where the directory has never been locked. */
    public static DirectoryLock takeExisting(Path directory) {
        return Files.exists(directory.resolve(FILE)) ? take(directory) : null;
    }

    /**
     * As above, in a file that may lie elsewhere: then removing the directory does not unlock it.
     *
     * @param guarded the directory, for the refusal
     */
    public static DirectoryLock take(Path file, Path guarded) {
        return take(file, guarded, new RealDisk());
    }

    /** The disk, the machine's or one over it, makes the directory: so its name is durable before anything in it is. */
    static DirectoryLock take(Path file, Path guarded, Disk disk) {
        synchronized (HELD) {
            try {
                disk.createDirectories(file.toAbsolutePath().getParent());
                if (Files.exists(file) && HELD.contains(inode(file))) {
                    throw refused(guarded, Long.toString(ProcessHandle.current().pid()));
                }
                return lock(file, guarded);
            } catch (IOException e) {
                throw new TidemarkException(ErrorKind.UNAVAILABLE, "cannot lock " + file + ": " + e, e);
            }
        }
    }

    private static DirectoryLock lock(Path file, Path guarded) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        if (!isFree(channel)) {
            String owner = Files.readString(file).strip();
            channel.close();
            throw refused(guarded, owner);
        }
        channel.truncate(0);
        channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
        DirectoryLock lock = new DirectoryLock(channel, inode(file));
        HELD.add(lock.inode);
        return lock;
    }

    private static Object inode(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    private static TidemarkException refused(Path guarded, String owner) {
        return new TidemarkException(
                ErrorKind.UNAVAILABLE,
                "the store in " + guarded + " is open already, in process " + owner + "; close it there first");
    }

    private static boolean isFree(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // by this very process, through a channel that is not ours
        }
    }

    @Override
    public void close() {
        synchronized (HELD) {
            if (!channel.isOpen()) {
                return;
            }
            try {
                channel.close();
            } catch (IOException e) {
                throw new TidemarkException(ErrorKind.UNAVAILABLE, "cannot release a lock: " + e, e);
            } finally {
                HELD.remove(inode);
            }
        }
    }
}
