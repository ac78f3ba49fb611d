package io.tidemark.shipper.tier;

import io.tidemark.engine.io.Disk;
import io.tidemark.engine.io.DiskFile;
import io.tidemark.shipper.segment.SegmentName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Copies of segments as files, {@code <history>@<first>-<last>.seg}, byte for byte the objects in S3. They are written
 * under another name first and are not synced: what a crash leaves of one is found out by its hash, and S3 has it.
 */
final class SegmentFiles {
    /** What a file takes at least, and a multiple of which it takes. */
    static final long BLOCK_BYTES = 4 << 10;

    private static final String LOG = "/log/";
    private static final String UNFINISHED = ".new";

    private final Disk disk;
    private final Path directory;

    SegmentFiles(Disk disk, Path directory) {
        this.disk = disk;
        this.directory = directory;
    }

    /** What a copy of so many bytes takes on the disk. */
    static long bytesOnDisk(long bytes) {
        return (bytes + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
    }

    Path path(SegmentName name) {
        return directory.resolve(name.key().replace(LOG, "@"));
    }

    /** Makes the directory, removes what was not finished, and answers whose copies there are. */
    List<SegmentName> open() throws IOException {
        disk.createDirectories(directory);
        List<SegmentName> names = new ArrayList<>();
        for (String file : disk.list(directory)) {
            Optional<SegmentName> name = name(file);
            if (name.isPresent()) {
                names.add(name.get());
            } else if (file.endsWith(UNFINISHED)) {
                disk.delete(directory.resolve(file));
            }
        }
        return names;
    }

    private static Optional<SegmentName> name(String file) {
        int at = file.lastIndexOf('@');
        return at < 1 ? Optional.empty() : SegmentName.parse(file.substring(0, at) + LOG + file.substring(at + 1));
    }

    void write(SegmentName name, byte[] bytes) throws IOException {
        Path unfinished = path(name).resolveSibling(path(name).getFileName() + UNFINISHED);
        try (DiskFile file = disk.open(unfinished)) {
            file.truncate(0);
            file.write(ByteBuffer.wrap(bytes), 0);
        } catch (IOException e) {
            disk.delete(unfinished);
            throw e;
        }
        disk.rename(unfinished, path(name));
    }

    /** The bytes of a copy, whatever they are; empty when there is no file. */
    Optional<byte[]> read(SegmentName name) throws IOException {
        if (!disk.exists(path(name))) {
            return Optional.empty();
        }
        try (DiskFile file = disk.open(path(name))) {
            byte[] bytes = new byte[Math.toIntExact(file.size())];
            int got = file.read(ByteBuffer.wrap(bytes), 0);
            return got == bytes.length ? Optional.of(bytes) : Optional.empty();
        }
    }

    /** -1 when there is no file. */
    long size(SegmentName name) throws IOException {
        if (!disk.exists(path(name))) {
            return -1;
        }
        try (DiskFile file = disk.open(path(name))) {
            return file.size();
        }
    }

    void delete(SegmentName name) throws IOException {
        disk.delete(path(name));
    }

    long usableBytes() throws IOException {
        return disk.usableBytes(directory);
    }
}
