package io.tidemark.shipper.pack;

/**
 * The bytes of a page pack, version 1. Big-endian; the regions leave no gap.
 *
 * <pre>
 *   pack      header | image ... | footer | trailer
 *
 *   header    0               8     10       12              20       24              24+h     28+h
 *             +---------------+-----+--------+---------------+--------+---------------+--------+
 *             | "TMPAGPCK"    | ver | h      | checkpoint LSN| page   | history, UTF-8| crc    |
 *             |               |     |        |               | bytes  |               |        |
 *             +---------------+-----+--------+---------------+--------+---------------+--------+
 *   image     0        4               4+s
 *             +--------+---------------+
 *             | crc    | zstd frame    |         crc: CRC32C of the frame; in it, one whole page
 *             +--------+---------------+
 *   footer    pages 4 | SHA-256 of all plain pages, in order 32
 *             (page id 8, page LSN 8, page CRC 4, offset of image 4, length of image 4) ..., ids ascending
 *             crc 4
 *   trailer   0               8        12               20       24
 *             +---------------+--------+----------------+--------+
 *             | footer offset | all    | "TMPAGEND"     | crc    |      all = CRC32C of every byte before the trailer
 *             +---------------+--------+----------------+--------+
 * </pre>
 *
 * <p>The footer is the pack's own directory. The content hash is taken over the plain pages alone: another zstd gives
 * other bytes and the same content (rule CT8). Pages are packed in order of their ids, and a pack ends when it holds so
 * many that their plain bytes reach a limit, so where packs end is the same on every node too.
 */
final class PackFormat {
    static final long MAGIC = 0x544d50414750434bL; // "TMPAGPCK"
    static final long END_MAGIC = 0x544d504147454e44L; // "TMPAGEND"
    static final short VERSION = 1;

    static final int HEADER_FIXED_BYTES = 8 + 2 + 2 + 8 + 4;
    static final int CRC_BYTES = 4;
    static final int HASH_BYTES = 32;
    static final int IMAGE_HEADER_BYTES = CRC_BYTES;
    static final int FOOTER_FIXED_BYTES = 4 + HASH_BYTES;
    static final int ENTRY_BYTES = 8 + 8 + 4 + 4 + 4;
    static final int TRAILER_BYTES = 8 + CRC_BYTES + 8 + CRC_BYTES;
    static final int HISTORY_BYTES_MAX = 128;

    private PackFormat() {}
}
