package io.tidemark.shipper.segment;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The bytes of a segment, version 1. Big-endian; every region ends with, or carries, a CRC32C over all its other bytes,
 * and the regions leave no gap.
 *
 * <pre>
 *   segment   header | block ... | footer | trailer
 *
 *   header    0               8     10       12              20                20+h     24+h
 *             +---------------+-----+--------+---------------+-----------------+--------+
 *             | "TMSEGMNT"    | ver | h      | first LSN     | history, UTF-8  | crc    |
 *             +---------------+-----+--------+---------------+-----------------+--------+
 *   block     0        4        8        12              20       24                24+s
 *             +--------+--------+--------+---------------+--------+-----------------+
 *             | s      | plain  | entries| first LSN     | crc    | zstd frame      |
 *             +--------+--------+--------+---------------+--------+-----------------+
 *   plain     entry ...
 *   entry     0               8               16    17       21                21+p
 *             +---------------+---------------+-----+--------+-----------------+
 *             | LSN           | term          | kind| p      | payload         |
 *             +---------------+---------------+-----+--------+-----------------+
 *   footer    last LSN 8 | entries 8 | plain bytes 8 | SHA-256 of all plain bytes 32
 *             redo chain after last 8
 *             configuration LSN 8 | length 4 | bytes
 *             terms 4 | (term 8, first LSN 8) ...
 *             blocks 4 | (first LSN 8, offset of block 8) ...
 *             crc 4
 *   trailer   0               8        12               20       24
 *             +---------------+--------+----------------+--------+
 *             | footer offset | all    | "TMSEGEND"     | crc    |      all = CRC32C of every byte before the trailer
 *             +---------------+--------+----------------+--------+
 * </pre>
 *
 * <p>The content hash is taken over the plain entries alone: another cut into blocks or another zstd gives other bytes
 * and the same content (rule CT8). Terms are those begun at or below {@code last}, as far back as the history goes; the
 * configuration is the one in force after {@code last}, with LSN -1 and no bytes before the first (rule M4).
 */
final class SegmentFormat {
    static final long MAGIC = 0x544d5345474d4e54L; // "TMSEGMNT"
    static final long END_MAGIC = 0x544d534547454e44L; // "TMSEGEND"
    static final short VERSION = 1;

    static final int HEADER_FIXED_BYTES = 8 + 2 + 2 + 8;
    static final int CRC_BYTES = 4;
    static final int BLOCK_HEADER_BYTES = 4 + 4 + 4 + 8 + CRC_BYTES;
    static final int ENTRY_HEADER_BYTES = 8 + 8 + 1 + 4;
    static final int TRAILER_BYTES = 8 + CRC_BYTES + 8 + CRC_BYTES;
    static final int HASH_BYTES = 32;
    static final int HISTORY_BYTES_MAX = 128;

    /** A block is closed once it holds this much; one large entry makes it larger. */
    static final int BLOCK_PLAIN_BYTES = 256 << 10;

    /** No block is larger: the largest entry (17 MiB) on top of a block that was just not full. */
    static final int BLOCK_PLAIN_BYTES_MAX = 18 << 20;

    private SegmentFormat() {}

    static int crc(byte[] bytes, int from, int to) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, to - from);
        return (int) crc.getValue();
    }

    /** CRC of a block: its header but for the crc field, then the zstd frame. */
    static int blockCrc(byte[] bytes, int offset, int storedBytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, BLOCK_HEADER_BYTES - CRC_BYTES);
        crc.update(bytes, offset + BLOCK_HEADER_BYTES, storedBytes);
        return (int) crc.getValue();
    }

    /** The error for bytes that are not what was written. */
    static TidemarkException corrupt(String object, long offset, String what, Object expected, Object found) {
        return new TidemarkException(
                ErrorKind.CORRUPT,
                "segment " + object + " is damaged at byte " + offset + ": " + what + " should be " + expected
                        + ", found " + found);
    }

    static void checkCrc(String object, byte[] bytes, int from, int to, String region) {
        int stored = ByteBuffer.wrap(bytes).getInt(to);
        int found = crc(bytes, from, to);
        if (stored != found) {
            throw corrupt(object, from, "CRC of the " + region, hex(stored), hex(found));
        }
    }

    static String hex(int crc) {
        return String.format(java.util.Locale.ROOT, "%08x", crc);
    }
}
