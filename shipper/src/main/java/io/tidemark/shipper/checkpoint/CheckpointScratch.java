package io.tidemark.shipper.checkpoint;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.Disk;
import io.tidemark.engine.io.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The scratch files of one checkpoint: objects that wait for their upload, in order, and the page versions that the cut
 * puts aside. All in one directory of its own, which holds nothing that a restart needs. A disk that is too full is {@code
 * UNAVAILABLE}. Used by one thread, but for the file of page versions.
 */
public final class CheckpointScratch {
    private static final String VERSIONS = "versions";

    /** How often the free space is asked for. */
    private static final long ASK_BYTES = 1 << 20;

    private final Disk disk;
    private final Path directory;
    private final long keepFreeBytes;
    private final List<String> keys = new ArrayList<>();

    /** @param keepFreeBytes space that is left to others */
    public CheckpointScratch(Disk disk, Path directory, long keepFreeBytes) {
        this.disk = disk;
        this.directory = directory;
        this.keepFreeBytes = keepFreeBytes;
    }

    /** Removes every file; whoever used it before is gone. */
    public void clear() {
        keys.clear();
        try {
            disk.createDirectories(directory);
            for (String name : disk.list(directory)) {
                disk.delete(directory.resolve(name));
            }
        } catch (IOException e) {
            throw failed("be emptied", e);
        }
    }

    /** An empty file for the page versions of a cut; closed by the caller. */
    DiskFile versions() {
        try {
            return new BoundedFile(disk.open(directory.resolve(VERSIONS)));
        } catch (IOException e) {
            throw failed("hold page versions", e);
        }
    }

    /** Adds an object behind those that are there. */
    void add(String key, byte[] bytes) {
        requireRoom(bytes.length);
        try (DiskFile file = disk.open(path(keys.size()))) {
            file.write(ByteBuffer.wrap(bytes), 0);
        } catch (IOException e) {
            throw failed("take an object of " + bytes.length + " bytes", e);
        }
        keys.add(key);
    }

    /** Removes the objects from the n-th on. */
    void cut(int count) {
        try {
            for (int index = keys.size() - 1; index >= count; index--) {
                disk.delete(path(index));
                keys.remove(index);
            }
        } catch (IOException e) {
            throw failed("let objects go", e);
        }
    }

    int objects() {
        return keys.size();
    }

    String key(int index) {
        return keys.get(index);
    }

    byte[] read(int index) {
        try (DiskFile file = disk.open(path(index))) {
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(file.size()));
            int read = file.read(bytes, 0);
            if (read != bytes.capacity()) {
                throw new IOException(read + " bytes of " + bytes.capacity());
            }
            return bytes.array();
        } catch (IOException e) {
            throw failed("give back object " + keys.get(index), e);
        }
    }

    private Path path(int index) {
        return directory.resolve("object-" + index);
    }

    private void requireRoom(long bytes) {
        try {
            long free = disk.usableBytes(directory);
            if (free - bytes < keepFreeBytes) {
                throw new TidemarkException(
                        ErrorKind.UNAVAILABLE,
                        "no checkpoint is made: " + directory + " has " + free + " bytes free, and " + keepFreeBytes
                                + " are left to others");
            }
        } catch (IOException e) {
            throw failed("say how much is free", e);
        }
    }

    private TidemarkException failed(String what, IOException cause) {
        return new TidemarkException(
                ErrorKind.UNAVAILABLE,
                "the scratch directory " + directory + " of checkpoints cannot " + what + ": " + cause.getMessage(),
                cause);
    }

    /** Fails instead of taking the space of others. */
    private final class BoundedFile implements DiskFile {
        private final DiskFile file;
        private long sinceAsked = ASK_BYTES;

        BoundedFile(DiskFile file) {
            this.file = file;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return file.read(target, position);
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            sinceAsked += source.remaining();
            if (sinceAsked >= ASK_BYTES) {
                long free = disk.usableBytes(directory);
                if (free < keepFreeBytes) {
                    throw new IOException(free + " bytes are free, and " + keepFreeBytes + " are left to others");
                }
                sinceAsked = 0;
            }
            file.write(source, position);
        }

        @Override
        public void sync() throws IOException {
            file.sync();
        }

        @Override
        public void truncate(long size) throws IOException {
            file.truncate(size);
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
