package io.tidemark.engine.wal;

import io.tidemark.engine.io.Disk;
import io.tidemark.engine.io.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.zip.CRC32C;

/**
 * What stays of a WAL file that was dropped: the chain values after its LSNs (rule W3). Written once, whole and synced
 * before the WAL file goes. The first value is that after the LSN before the file's own, so that it repeats the last one
 * of the file before; the name is that LSN, in 20 digits, and {@code .chains}. Big-endian.
 *
 * <pre>
 *  0       4    6    8       12      16        24
 *  +-------+----+----+-------+-------+---------+---------------------------+-----
 *  | TMCH  |ver | 0  |CRC32C |count  |first LSN| chain after first LSN (8) | ...
 *  +-------+----+----+-------+-------+---------+---------------------------+-----
 * </pre>
 *
 * The CRC covers everything but itself. These values only serve comparison between replicas: a file that is damaged is
 * left out and its values are unknown, no harm is done.
 */
final class ChainFile {
    static final short VERSION = 1;
    static final int MAGIC = 0x544D4348;
    static final int HEADER_BYTES = 24;

    private static final String SUFFIX = ".chains";
    private static final int CRC_OFFSET = 8;

    private ChainFile() {}

    static Path path(Path directory, long firstLsn) {
        return directory.resolve(String.format("%020d", firstLsn) + SUFFIX);
    }

    /** First LSN of the file of that name; empty when it is not the name of a chain file. */
    static OptionalLong firstLsn(String fileName) {
        return WalFormat.numbered(fileName, SUFFIX);
    }

    static byte[] encode(long firstLsn, long[] chains) {
        ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + 8 * chains.length)
                .putInt(MAGIC)
                .putShort(VERSION)
                .putShort((short) 0)
                .putInt(0)
                .putInt(chains.length)
                .putLong(firstLsn);
        for (long chain : chains) {
            out.putLong(chain);
        }
        return out.putInt(CRC_OFFSET, crc(out.array())).array();
    }

    /** The values, or null when the bytes are not a whole chain file of that first LSN. */
    static long[] decode(byte[] bytes, long firstLsn) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (bytes.length < HEADER_BYTES
                || in.getInt(0) != MAGIC
                || in.getShort(4) != VERSION
                || in.getInt(CRC_OFFSET) != crc(bytes)
                || in.getInt(12) != (bytes.length - HEADER_BYTES) / 8
                || in.getLong(16) != firstLsn) {
            return null;
        }
        long[] chains = new long[in.getInt(12)];
        in.position(HEADER_BYTES);
        in.asLongBuffer().get(chains);
        return chains;
    }

    /** Writes and syncs the file and its name. */
    static void write(Disk disk, Path directory, long firstLsn, long[] chains) throws IOException {
        try (DiskFile file = disk.open(path(directory, firstLsn))) {
            file.truncate(0);
            file.write(ByteBuffer.wrap(encode(firstLsn, chains)), 0);
            file.sync();
        }
        disk.syncDirectory(directory);
    }

    /** The values, or null when the file is damaged. */
    static long[] read(Disk disk, Path directory, long firstLsn) throws IOException {
        try (DiskFile file = disk.open(path(directory, firstLsn))) {
            ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
            file.read(bytes, 0);
            return decode(bytes.array(), firstLsn);
        }
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, CRC_OFFSET);
        crc.update(bytes, CRC_OFFSET + 4, bytes.length - CRC_OFFSET - 4);
        return (int) crc.getValue();
    }
}
