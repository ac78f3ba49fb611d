package io.tidemark.engine.wal;

import io.tidemark.engine.io.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Walks the blocks of one WAL file. It believes nothing but a whole block with a right CRC. Not thread-safe. */
final class WalFileReader {
    private static final int WINDOW_BYTES = 256 << 10;

    /** What stands at the reader's position. */
    enum Found {
        /** A whole block with the redo of an entry; the reader has passed it. */
        BLOCK,
        /** The mark of a clean end; the reader has passed it. */
        END_MARK,
        /** The file ends exactly here. */
        END_OF_FILE,
        /** Bytes that are no whole block; the reader stays. */
        BAD
    }

    private final WalFormat format;
    private final DiskFile file;
    private final long firstLsn;
    private final long size;

    private byte[] window = new byte[0];
    private ByteBuffer fields = ByteBuffer.wrap(window);
    private long windowStart;
    private int windowBytes;
    private long position = WalFormat.FILE_HEADER_BYTES;
    private int block;

    /** @param firstLsn of the file, from its name */
    WalFileReader(WalFormat format, DiskFile file, long firstLsn) throws IOException {
        this.format = format;
        this.file = file;
        this.firstLsn = firstLsn;
        this.size = file.size();
    }

    /** The file's header, or null when it is damaged or of another file. */
    WalFormat.FileHeader header() throws IOException {
        if (!load(0, WalFormat.FILE_HEADER_BYTES)) {
            return null;
        }
        int at = (int) -windowStart;
        WalFormat.FileHeader header =
                format.fileHeader(Arrays.copyOfRange(window, at, at + WalFormat.FILE_HEADER_BYTES));
        return header == null || header.firstLsn() != firstLsn ? null : header;
    }

    Found next() throws IOException {
        if (position == size) {
            return Found.END_OF_FILE;
        }
        if (!wholeBlockAt(position)) {
            return Found.BAD;
        }
        position += WalFormat.BLOCK_HEADER_BYTES + redoBytes();
        return switch (fields.getShort(block + 6)) {
            case WalFormat.KIND_REDO -> Found.BLOCK;
            case WalFormat.KIND_END -> Found.END_MARK;
            default -> {
                position -= WalFormat.BLOCK_HEADER_BYTES + redoBytes();
                yield Found.BAD;
            }
        };
    }

    /** Offset of what {@link #next} will look at. */
    long position() {
        return position;
    }

    /** Returns to a block that turned out not to belong here. */
    void back(long offset) {
        position = offset;
    }

    long lsn() {
        return fields.getLong(block + 16);
    }

    long term() {
        return fields.getLong(block + 24);
    }

    long chainBefore() {
        return fields.getLong(block + 32);
    }

    long syncedLsn() {
        return fields.getLong(block + 40);
    }

    int redoBytes() {
        return fields.getInt(block + 8);
    }

    /** The array that holds the redo of the current block, valid until the next call, at {@link #redoOffset}. */
    byte[] redoArray() {
        return window;
    }

    int redoOffset() {
        return block + WalFormat.BLOCK_HEADER_BYTES;
    }

    /**
     * Greatest "known synced" LSN of any whole block that begins at or after {@code from}, -1 for none: how it is told
     * whether what is bad before them was once safe (rule W2). Passes over damage byte by byte.
     */
    long syncedLsnPast(long from) throws IOException {
        long greatest = -1;
        long at = Math.max(from, WalFormat.FILE_HEADER_BYTES);
        while (size - at >= WalFormat.BLOCK_HEADER_BYTES) {
            if (wholeBlockAt(at)) {
                greatest = Math.max(greatest, syncedLsn());
                at += WalFormat.BLOCK_HEADER_BYTES + redoBytes();
            } else {
                at = nextMagic(at + 1);
            }
        }
        return greatest;
    }

    private long nextMagic(long from) throws IOException {
        long at = from;
        while (size - at >= WalFormat.BLOCK_HEADER_BYTES && load(at, 4)) {
            int start = (int) (at - windowStart);
            for (int i = start; i + 4 <= windowBytes; i++) {
                if (fields.getInt(i) == WalFormat.BLOCK_MAGIC) {
                    return windowStart + i;
                }
            }
            at = windowStart + windowBytes - 3;
        }
        return size;
    }

    private boolean wholeBlockAt(long at) throws IOException {
        if (!load(at, WalFormat.BLOCK_HEADER_BYTES)) {
            return false;
        }
        block = (int) (at - windowStart);
        long redoBytes = redoBytes();
        long length = WalFormat.BLOCK_HEADER_BYTES + redoBytes;
        if (fields.getInt(block) != WalFormat.BLOCK_MAGIC
                || redoBytes < 0
                || redoBytes > WalFormat.REDO_BYTES_MAX
                || !load(at, (int) length)) {
            return false;
        }
        block = (int) (at - windowStart);
        return format.isBlock(window, block, (int) length, firstLsn, at);
    }

    /** Brings {@code length} bytes from {@code at} into the window; false when the file ends before. */
    private boolean load(long at, int length) throws IOException {
        if (at >= windowStart && at + length <= windowStart + windowBytes) {
            return true;
        }
        if (size - at < length) {
            return false;
        }
        if (window.length < length || window.length == 0) {
            window = new byte[(int) Math.min(Math.max(length, WINDOW_BYTES), Math.max(size, length))];
            fields = ByteBuffer.wrap(window);
        }
        windowStart = at;
        windowBytes = file.read(ByteBuffer.wrap(window), at);
        return windowBytes >= length;
    }
}
