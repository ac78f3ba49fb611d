package io.tidemark.raft.guard;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.thirdparty.com.google.protobuf.CodedInputStream;

/**
 * Reads the records of one of Ratis' log files, in order, without keeping them.
 *
 * <pre>
 *   file    "RaftLog1" | record ... | zeros (preallocated)
 *   record  varint length | LogEntryProto | CRC32C of both, 4 bytes big-endian
 * </pre>
 *
 * Not thread-safe. Does not close the channel.
 */
final class LogRecords {
    static final int HEADER_BYTES = 8;
    private static final long HEADER = 0x526166744c6f6731L; // RaftLog1
    private static final int CRC_BYTES = 4;
    private static final int CHUNK_BYTES = 1 << 16;
    private static final int TERM_TAG = 1 << 3;
    private static final int INDEX_TAG = 2 << 3;

    private final FileChannel channel;
    private final int entryBytesMax;
    private final long size;
    private long position = HEADER_BYTES;
    private ByteBuffer buffer = ByteBuffer.allocate(CHUNK_BYTES);
    private long buffered;

    /** @param entryBytesMax greatest entry that Ratis writes */
    LogRecords(FileChannel channel, int entryBytesMax) throws IOException {
        this.channel = channel;
        this.entryBytesMax = entryBytesMax;
        this.size = channel.size();
        buffer.limit(0);
    }

    /** What stands at a position of the file. */
    enum What {
        ENTRY,
        /** Zeros, or the end of the file. What follows is not looked at. */
        END,
        DAMAGED
    }

    /**
     * @param at where it begins
     * @param end where it ends, as far as its length tells
     * @param term of the entry
     * @param index of the entry
     */
    record Found(What what, long at, long end, long term, long index) {}

    /** Whether the file begins as Ratis begins each. */
    boolean headerIsSound() throws IOException {
        return size >= HEADER_BYTES && bytes(0, HEADER_BYTES).getLong() == HEADER;
    }

    /** What stands at the present position; the next call looks behind it. */
    Found next() throws IOException {
        Found found = position < size ? read() : new Found(What.END, position, position, 0, -1);
        position = found.end;
        return found;
    }

    private Found read() throws IOException {
        ByteBuffer head = bytes(position, (int) Math.min(5, size - position));
        int length = 0;
        int varint = 0;
        while (head.hasRemaining()) {
            byte b = head.get();
            length |= (b & 0x7f) << (7 * varint++);
            if (b >= 0) {
                break;
            }
        }
        if (varint == 1 && length == 0) {
            return new Found(What.END, position, position, 0, -1);
        }
        long bytes = (long) varint + length + CRC_BYTES;
        if (length < 0 || length > entryBytesMax || position + bytes > size) {
            return damaged(Math.max(bytes, varint));
        }
        ByteBuffer record = bytes(position, (int) bytes);
        CRC32C crc = new CRC32C();
        crc.update(record.duplicate().limit(record.position() + varint + length));
        if ((int) crc.getValue() != record.getInt(record.position() + varint + length)) {
            return damaged(bytes);
        }
        return entry(record.duplicate().position(record.position() + varint), length, bytes);
    }

    private Found damaged(long bytes) {
        return new Found(What.DAMAGED, position, position + bytes, 0, -1);
    }

    /** Term and index come first in an entry, and zeros are left out. */
    private Found entry(ByteBuffer entry, int length, long bytes) {
        long term = 0;
        long index = 0;
        try {
            CodedInputStream in =
                    CodedInputStream.newInstance(entry.array(), entry.arrayOffset() + entry.position(), length);
            for (int tag = in.readTag(); tag == TERM_TAG || tag == INDEX_TAG; tag = in.readTag()) {
                if (tag == TERM_TAG) {
                    term = in.readUInt64();
                } else {
                    index = in.readUInt64();
                }
            }
        } catch (IOException e) {
            return damaged(bytes); // its checksum is right, and still it is no entry
        }
        return new Found(What.ENTRY, position, position + bytes, term, index);
    }

    /** The whole entry that was found. */
    LogEntryProto entry(Found found) throws IOException {
        ByteBuffer record = bytes(found.at, (int) (found.end - found.at));
        int start = record.position();
        while (record.get() < 0) {
            // the length
        }
        return LogEntryProto.parseFrom(record.limit(start + (int) (found.end - found.at) - CRC_BYTES));
    }

    /** Offset of the last byte at or after {@code from} that is not zero, or the one before it. */
    long lastNonZero(long from) throws IOException {
        long end = size;
        while (end > from) {
            long start = Math.max(from, end - CHUNK_BYTES);
            ByteBuffer chunk = bytes(start, (int) (end - start));
            for (int i = chunk.limit() - 1; i >= chunk.position(); i--) {
                if (chunk.get(i) != 0) {
                    return start + i - chunk.position();
                }
            }
            end = start;
        }
        return from - 1;
    }

    /** That many bytes, from the chunk that was read last if it holds them. */
    ByteBuffer bytes(long at, int count) throws IOException {
        if (at < buffered || at + count > buffered + buffer.limit()) {
            if (buffer.capacity() < count) {
                buffer = ByteBuffer.allocate(count);
            }
            buffer.clear().limit((int) Math.min(buffer.capacity(), size - at));
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, at + buffer.position()) < 0) {
                    throw new IOException("the file ends at " + (at + buffer.position()));
                }
            }
            buffer.flip();
            buffered = at;
        }
        int start = (int) (at - buffered);
        return buffer.duplicate().position(start).limit(start + count);
    }
}
