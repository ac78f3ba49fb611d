package io.tidemark.raft.guard;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.Disk;
import io.tidemark.engine.io.DiskFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A small record that outlives a power cut in the middle of a write, and rot in one place: a file of two copies, written
 * in turn. The valid copy with the greater sequence is the record.
 *
 * <pre>
 *   file    copy at 0 | zeros | copy at 4096
 *
 *   copy    0       4        8          16       20          20+n     508
 *           | name  | version | sequence | n      | content   | zeros  | CRC32C of all before |
 *             4       4         8          4        n ≤ 488              4            big-endian
 * </pre>
 *
 * <p>The file appears whole, by a rename: one in which no copy is valid is damaged, never new. Every write is synced when
 * its method returns. Not thread-safe.
 */
final class TwoCopies {
    static final int COPY_BYTES = 512;
    static final int SECOND_AT = 4096;
    static final int CONTENT_BYTES_MAX = 488;
    private static final int VERSION = 1;
    private static final int HEAD_BYTES = 20;
    private static final int CRC_AT = COPY_BYTES - Integer.BYTES;

    private final Disk disk;
    private final Path path;
    private final int name;
    private long sequence = -1;

    /** @param name four ASCII characters that say what the record is */
    TwoCopies(Disk disk, Path path, String name) {
        this.disk = disk;
        this.path = path;
        this.name = ByteBuffer.wrap(name.getBytes(StandardCharsets.US_ASCII)).getInt();
    }

    private record Copy(long sequence, byte[] content) {}

    Path path() {
        return path;
    }

    /**
     * The record; empty when there is none yet.
     *
     * @throws TidemarkException {@code CORRUPT} when both copies are damaged
     */
    Optional<byte[]> read() {
        try {
            if (!disk.exists(path)) {
                return Optional.empty();
            }
            try (DiskFile file = disk.open(path)) {
                Copy first = read(file, 0);
                Copy second = read(file, SECOND_AT);
                Copy newest = second == null || first != null && first.sequence > second.sequence ? first : second;
                if (newest == null) {
                    throw new TidemarkException(
                            ErrorKind.CORRUPT,
                            "both copies in " + path + " are damaged: what this node has promised the others can no"
                                    + " longer be told. Remove the node's directory and start it again: it joins as a"
                                    + " new incarnation");
                }
                sequence = newest.sequence;
                return Optional.of(newest.content);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
    }

    private Copy read(DiskFile file, long at) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(COPY_BYTES);
        if (file.read(bytes, at) < COPY_BYTES) {
            return null;
        }
        bytes.flip();
        int length = bytes.getInt(HEAD_BYTES - Integer.BYTES);
        boolean valid = bytes.getInt(0) == name
                && bytes.getInt(4) == VERSION
                && bytes.getInt(CRC_AT) == crc(bytes.array())
                && length >= 0
                && length <= CONTENT_BYTES_MAX;
        return valid
                ? new Copy(bytes.getLong(8), Arrays.copyOfRange(bytes.array(), HEAD_BYTES, HEAD_BYTES + length))
                : null;
    }

    /** Replaces the older copy: the one before is still there if this one tears. */
    void write(byte[] content) throws IOException {
        if (sequence < 0) {
            create(content);
            return;
        }
        try (DiskFile file = disk.open(path)) {
            put(file, content);
            file.sync();
        }
    }

    /** Replaces both copies, one after the other: nothing can bring the record before this one back. */
    void writeBoth(byte[] content) throws IOException {
        if (sequence < 0) {
            create(content);
            return;
        }
        try (DiskFile file = disk.open(path)) {
            put(file, content);
            file.sync();
            put(file, content);
            file.sync();
        }
    }

    private void create(byte[] content) throws IOException {
        Path temporary = path.resolveSibling(path.getFileName() + ".tmp");
        disk.delete(temporary);
        try (DiskFile file = disk.open(temporary)) {
            put(file, content);
            put(file, content);
            file.sync();
        }
        disk.rename(temporary, path);
        disk.syncDirectory(path.getParent());
    }

    private void put(DiskFile file, byte[] content) throws IOException {
        if (content.length > CONTENT_BYTES_MAX) {
            throw new IOException("a record of " + content.length + " bytes does not fit " + path);
        }
        sequence++;
        ByteBuffer copy = ByteBuffer.allocate(COPY_BYTES);
        copy.putInt(name)
                .putInt(VERSION)
                .putLong(sequence)
                .putInt(content.length)
                .put(content);
        copy.putInt(CRC_AT, crc(copy.array()));
        copy.clear();
        file.write(copy, sequence % 2 == 0 ? 0 : SECOND_AT);
    }

    private static int crc(byte[] copy) {
        CRC32C crc = new CRC32C();
        crc.update(copy, 0, CRC_AT);
        return (int) crc.getValue();
    }
}
