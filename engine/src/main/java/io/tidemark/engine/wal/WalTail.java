package io.tidemark.engine.wal;

import io.tidemark.engine.io.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The growing end of the last file: bytes on their way to it, which are handed to the system many blocks at a time, and,
 * where syncs are frequent, zeros written ahead of them. Thread-safe; a write that fails leaves it useless.
 */
final class WalTail {
    /** Bytes that wait at most, so many blocks of small entries cost one call of the system. */
    private static final int BUFFER_BYTES = 64 << 10;

    /** Zeros written ahead of the blocks where syncs are frequent. */
    private static final int ROOM_BYTES = 256 << 10;

    private static final ByteBuffer ZEROS =
            ByteBuffer.allocateDirect(ROOM_BYTES).asReadOnlyBuffer();

    private final long fileBytes;
    private final ByteBuffer buffer;

    private DiskFile file;

    /** Where the bytes of the buffer begin in the file. */
    private long written;

    /** Where the zeros end that were written ahead. */
    private long roomEnd;

    private long bytesSinceSync;

    /** @param fileBytes nominal size of a file, which zeros do not pass */
    WalTail(long fileBytes) {
        this.fileBytes = fileBytes;
        this.buffer = ByteBuffer.allocate((int) Math.min(fileBytes, BUFFER_BYTES));
    }

    /** Goes on at {@code end} of this file; what was on its way to another has been {@linkplain #finish written}. */
    synchronized void open(DiskFile next, long end) {
        file = next;
        written = end;
        roomEnd = 0;
    }

    /** Takes a copy of {@code bytes[offset..offset + length)}. */
    synchronized void add(byte[] bytes, int offset, int length) throws IOException {
        int next = offset;
        int end = offset + length;
        while (next < end) {
            if (!buffer.hasRemaining()) {
                writeOut();
            }
            int part = Math.min(buffer.remaining(), end - next);
            buffer.put(bytes, next, part);
            next += part;
        }
        bytesSinceSync += length;
    }

    /** Hands all that waits to the system. */
    synchronized void writeOut() throws IOException {
        if (buffer.position() == 0) {
            return;
        }
        int bytes = buffer.position();
        makeRoomBehind(written + bytes);
        file.write(buffer.flip(), written);
        buffer.clear();
        written += bytes;
    }

    /** As {@link #writeOut}; a sync follows. */
    synchronized void writeOutToSync() throws IOException {
        writeOut();
        bytesSinceSync = 0;
    }

    /**
     * Where each few blocks are synced, writes zeros behind them: a sync of bytes that overwrite others has no length of a
     * file to record, and takes two thirds of the time.
     */
    private void makeRoomBehind(long end) throws IOException {
        boolean syncsAreFrequent = bytesSinceSync < ROOM_BYTES / 8;
        if (end <= roomEnd || !syncsAreFrequent) {
            return;
        }
        long nextRoomEnd = Math.min(end + ROOM_BYTES, fileBytes);
        if (nextRoomEnd > end) {
            file.write(ZEROS.slice(0, (int) (nextRoomEnd - end)), end);
            roomEnd = nextRoomEnd;
        }
    }

    /** A file that another follows, or that was closed cleanly, ends with its last block. */
    synchronized void finish() throws IOException {
        writeOut();
        if (roomEnd > written) {
            file.truncate(written);
        }
        roomEnd = 0;
    }
}
