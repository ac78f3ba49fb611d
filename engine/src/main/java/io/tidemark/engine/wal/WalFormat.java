package io.tidemark.engine.wal;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.zip.CRC32C;

/**
 * The bytes of a WAL file: one header, then blocks without gaps. Big-endian. A file is named by the LSN of its first
 * block, in 20 digits, and {@code .wal}.
 *
 * <pre>
 * file header
 *  0       4    6    8       12      16        24         32          40        48        56        64
 *  +-------+----+----+-------+-------+---------+----------+-----------+---------+---------+---------+
 *  | TMWL  |ver |gaps|CRC32C |   0   |first LSN|term      |chain      |known    |bytes    |    0    |
 *  |       |    |    |       |       |         |before    |before     |synced   |before   |         |
 *  +-------+----+----+-------+-------+---------+----------+-----------+---------+---------+---------+
 *
 * block
 *  0       4    6    8       12      16        24         32          40        48
 *  +-------+----+----+-------+-------+---------+----------+-----------+---------+--------------------
 *  | TMWB  |ver |kind|redo   |CRC32C |LSN      |term      |chain      |known    | redo bytes ...
 *  |       |    |    |bytes  |       |         |          |before     |synced   |
 *  +-------+----+----+-------+-------+---------+----------+-----------+---------+--------------------
 * </pre>
 *
 * <ul>
 *   <li>kind 1 is the redo of one entry; its LSN is that of the block before plus one, without exception, unless "gaps" is
 *       1: then it is any above that, and the chain alone tells what is missing.
 *   <li>kind 2 marks a clean end: LSN, term and chain are those after the last block, nothing follows but later starts.
 *   <li>"known synced" is the greatest LSN that was synced, names included, when these bytes were written (rule W1).
 *   <li>"bytes before" counts every byte of every earlier file.
 *   <li>Behind the last block of the last file there may be zeros, room for the next blocks. They are no block, and so go
 *       at the next start like any tail that is none.
 *   <li>The CRC of a header covers its 64 bytes without the CRC. That of a block covers, first, the file's first LSN and
 *       the block's offset in it (eight bytes each, not stored): bytes that were copied from elsewhere, even a whole
 *       block of this very log inside somebody's value, are no block here. Then the block without the CRC.
 * </ul>
 */
public final class WalFormat {
    /** Format that this binary writes and reads. */
    public static final short VERSION = 1;

    public static final int FILE_HEADER_BYTES = 64;
    public static final int BLOCK_HEADER_BYTES = 48;

    /** Redo bytes of one block: an entry's page changes are bounded far below (rule E2). */
    public static final int REDO_BYTES_MAX = 1 << 29;

    static final int FILE_MAGIC = 0x544D574C;
    static final int BLOCK_MAGIC = 0x544D5742;
    static final short KIND_REDO = 1;
    static final short KIND_END = 2;

    private static final String SUFFIX = ".wal";
    private static final int CRC_OF_FILE = 8;
    private static final int CRC_OF_BLOCK = 12;

    private final CRC32C crc = new CRC32C();
    private final byte[] place = new byte[16];
    private final ByteBuffer placeBuffer = ByteBuffer.wrap(place);

    /**
     * @param gaps whether LSNs may leave values out
     * @param bytesBefore bytes of all earlier files
     */
    record FileHeader(
            boolean gaps, long firstLsn, long termBefore, long chainBefore, long syncedLsn, long bytesBefore) {}

    static String fileName(long firstLsn) {
        return String.format("%020d", firstLsn) + SUFFIX;
    }

    /** First LSN of the file of that name; empty when no WAL file has such a name. */
    static OptionalLong firstLsn(String fileName) {
        return numbered(fileName, SUFFIX);
    }

    static OptionalLong numbered(String fileName, String suffix) {
        if (fileName.length() != 20 + suffix.length() || !fileName.endsWith(suffix)) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(fileName, 0, 20, 10));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    static OptionalLong firstLsn(Path file) {
        return firstLsn(file.getFileName().toString());
    }

    /** Puts a header at the start of {@code target}'s array. */
    void putFileHeader(byte[] target, FileHeader header) {
        ByteBuffer.wrap(target, 0, FILE_HEADER_BYTES)
                .putInt(FILE_MAGIC)
                .putShort(VERSION)
                .putShort((short) (header.gaps ? 1 : 0))
                .putLong(0)
                .putLong(header.firstLsn)
                .putLong(header.termBefore)
                .putLong(header.chainBefore)
                .putLong(header.syncedLsn)
                .putLong(header.bytesBefore)
                .putLong(0)
                .putInt(CRC_OF_FILE, crcOfFileHeader(target));
    }

    /** The header at the start of {@code bytes}, or null when it is not whole. */
    FileHeader fileHeader(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (in.getInt(0) != FILE_MAGIC
                || in.getShort(4) != VERSION
                || in.getInt(CRC_OF_FILE) != crcOfFileHeader(bytes)) {
            return null;
        }
        return new FileHeader(
                in.getShort(6) != 0, in.getLong(16), in.getLong(24), in.getLong(32), in.getLong(40), in.getLong(48));
    }

    private int crcOfFileHeader(byte[] header) {
        crc.reset();
        crc.update(header, 0, CRC_OF_FILE);
        crc.update(header, CRC_OF_FILE + 4, FILE_HEADER_BYTES - CRC_OF_FILE - 4);
        return (int) crc.getValue();
    }

    /**
     * Puts a block's header at the start of {@code target}'s array.
     *
     * @param offset of the block in the file that begins with {@code firstLsn}
     */
    void putBlockHeader(
            ByteBuffer target,
            long firstLsn,
            long offset,
            short kind,
            long lsn,
            long term,
            long chainBefore,
            long syncedLsn,
            byte[] redo,
            int redoOffset,
            int redoBytes) {
        target.clear()
                .putInt(BLOCK_MAGIC)
                .putShort(VERSION)
                .putShort(kind)
                .putInt(redoBytes)
                .putInt(0)
                .putLong(lsn)
                .putLong(term)
                .putLong(chainBefore)
                .putLong(syncedLsn)
                .putInt(CRC_OF_BLOCK, crcOfBlock(firstLsn, offset, target.array(), 0, redo, redoOffset, redoBytes));
    }

    /** Whether a whole block of this file stands at {@code at} in {@code bytes}, of which {@code length} are valid. */
    boolean isBlock(byte[] bytes, int at, int length, long firstLsn, long offset) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (length < BLOCK_HEADER_BYTES || in.getInt(at) != BLOCK_MAGIC || in.getShort(at + 4) != VERSION) {
            return false;
        }
        int redoBytes = in.getInt(at + 8);
        return redoBytes >= 0
                && redoBytes <= length - BLOCK_HEADER_BYTES
                && in.getInt(at + CRC_OF_BLOCK)
                        == crcOfBlock(firstLsn, offset, bytes, at, bytes, at + BLOCK_HEADER_BYTES, redoBytes);
    }

    private int crcOfBlock(
            long firstLsn, long offset, byte[] header, int at, byte[] redo, int redoOffset, int redoBytes) {
        placeBuffer.putLong(0, firstLsn).putLong(8, offset);
        crc.reset();
        crc.update(place, 0, place.length);
        crc.update(header, at, CRC_OF_BLOCK);
        crc.update(header, at + CRC_OF_BLOCK + 4, BLOCK_HEADER_BYTES - CRC_OF_BLOCK - 4);
        crc.update(redo, redoOffset, redoBytes);
        return (int) crc.getValue();
    }
}
