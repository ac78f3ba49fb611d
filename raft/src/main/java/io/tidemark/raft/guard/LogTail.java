package io.tidemark.raft.guard;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts the record that a killed process left half written at the end of Ratis' open log file. Ratis itself knows two
 * answers only: refuse to start, or drop whatever follows the first damage, acknowledged entries too (hazard R6).
 *
 * <pre>
 *   file    "RaftLog1" | record ... | zeros (preallocated)
 *   record  varint length | LogEntryProto | CRC32C of both, 4 bytes big-endian
 * </pre>
 *
 * A half written record is followed by nothing but zeros, and this node has not acknowledged it. Damage that something
 * follows, or at an entry that the engine has, is no tear: the node refuses to start. What cannot be told from a tear is
 * rot in the very last record.
 */
public final class LogTail {
    private static final Logger LOG = LoggerFactory.getLogger(LogTail.class);
    private static final int HEADER_BYTES = 8;
    private static final int CRC_BYTES = 4;
    private static final int CHUNK_BYTES = 1 << 16;

    private final Path file;
    private final Path aside;
    private final int entryBytesMax;

    /**
     * @param file an open log file
     * @param aside where the cut bytes are kept
     * @param entryBytesMax greatest entry that Ratis writes
     */
    public LogTail(Path file, Path aside, int entryBytesMax) {
        this.file = file;
        this.aside = aside;
        this.entryBytesMax = entryBytesMax;
    }

    /**
     * Makes the file end with a whole record. The file must not be in use.
     *
     * @param applied LSN of the engine's last entry
     * @return bytes cut, 0 for a sound file
     * @throws TidemarkException {@code CORRUPT} when the damage is not a tear
     */
    public long repair(long applied) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long size = channel.size();
            long position = HEADER_BYTES;
            long last = firstIndex() - 1;
            while (position < size) {
                Record record = read(channel, position, size);
                if (record.bytes == 0) {
                    return 0; // zeros: the end
                }
                if (record.index < 0) {
                    return cut(channel, position, record, last, applied);
                }
                last = record.index;
                position += record.bytes;
            }
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot check the end of " + file, e);
        }
    }

    /** The first entry that belongs in the file, as its name says. */
    private long firstIndex() {
        String name = file.getFileName().toString();
        return Long.parseLong(name.substring(name.lastIndexOf('_') + 1));
    }

    /** @param bytes of the whole record as its length tells, 0 for none; @param index of the entry, -1 when damaged */
    private record Record(long bytes, long index) {}

    private Record read(FileChannel channel, long position, long size) throws IOException {
        ByteBuffer head = ByteBuffer.allocate((int) Math.min(5, size - position));
        readFully(channel, head, position);
        int length = 0;
        int varint = 0;
        while (varint < head.limit()) {
            byte b = head.get(varint);
            length |= (b & 0x7f) << (7 * varint++);
            if (b >= 0) {
                break;
            }
        }
        if (varint == 1 && length == 0) {
            return new Record(0, -1);
        }
        long bytes = (long) varint + length + CRC_BYTES;
        if (length < 0 || length > entryBytesMax || position + bytes > size) {
            return new Record(Math.max(bytes, varint), -1);
        }
        ByteBuffer record = ByteBuffer.allocate((int) bytes);
        readFully(channel, record, position);
        CRC32C crc = new CRC32C();
        crc.update(record.array(), 0, varint + length);
        if ((int) crc.getValue() != record.getInt(varint + length)) {
            return new Record(bytes, -1);
        }
        try {
            ByteBuffer entry = ByteBuffer.wrap(record.array(), varint, length);
            return new Record(bytes, LogEntryProto.parseFrom(entry).getIndex());
        } catch (InvalidProtocolBufferException e) {
            return new Record(bytes, -1);
        }
    }

    private long cut(FileChannel channel, long position, Record damaged, long last, long applied) throws IOException {
        long nonZero = lastNonZero(channel, position);
        long claimedEnd = position + damaged.bytes;
        if (nonZero >= claimedEnd || last < applied) {
            throw new TidemarkException(
                    ErrorKind.CORRUPT,
                    "the Raft log " + file + " is damaged at offset " + position + ", after entry " + last
                            + ": the record there ends at " + claimedEnd + ", bytes follow up to " + nonZero
                            + ", and the engine has entries up to " + applied
                            + ". Remove the node's directory and start it again: it joins as a new incarnation");
        }
        long bytes = nonZero + 1 - position;
        Files.createDirectories(aside);
        ByteBuffer kept = ByteBuffer.allocate((int) Math.min(bytes, CHUNK_BYTES));
        readFully(channel, kept, position);
        Files.write(aside.resolve(file.getFileName() + ".cut-" + position), kept.array());
        channel.truncate(position);
        channel.force(true);
        LOG.warn(
                "cut {} bytes of a half written record from {} at offset {}, after entry {}",
                bytes,
                file,
                position,
                last);
        return bytes;
    }

    /** Offset of the last byte at or after {@code from} that is not zero, or the one before it. */
    private static long lastNonZero(FileChannel channel, long from) throws IOException {
        long end = channel.size();
        while (end > from) {
            long start = Math.max(from, end - CHUNK_BYTES);
            ByteBuffer chunk = ByteBuffer.allocate((int) (end - start));
            readFully(channel, chunk, start);
            for (int i = chunk.limit() - 1; i >= 0; i--) {
                if (chunk.get(i) != 0) {
                    return start + i;
                }
            }
            end = start;
        }
        return from - 1;
    }

    private static void readFully(FileChannel channel, ByteBuffer into, long position) throws IOException {
        while (into.hasRemaining()) {
            int read = channel.read(into, position + into.position());
            if (read < 0) {
                throw new IOException("the file ends at " + (position + into.position()));
            }
        }
        into.flip();
    }
}
