package io.tidemark.shipper.pack;

/**
 * The bytes of a page directory, version 1: a root, and parts in objects of parts. Big-endian; each region carries a
 * CRC32C over all its other bytes.
 *
 * <pre>
 *   parts     header | part ... | trailer
 *
 *   header    0               8     10       12              20              20+h     24+h
 *             +---------------+-----+--------+---------------+---------------+--------+
 *             | "TMDIRPRT"    | ver | h      | checkpoint LSN| history, UTF-8| crc    |
 *             +---------------+-----+--------+---------------+---------------+--------+
 *   part      0        4        8               16       20                20+s
 *             +--------+--------+---------------+--------+-----------------+
 *             | s      | plain  | first page id | crc    | zstd frame      |
 *             +--------+--------+---------------+--------+-----------------+
 *   plain     pages 4 | packs 4 | (length 2, key of a pack, UTF-8) ...
 *             (pack 4, offset 4, length 4, page LSN 8, page CRC 4) ..., one for each page id from the first on
 *   trailer   0        4                12       16
 *             +--------+----------------+--------+
 *             | all    | "TMDIREND"     | crc    |      all = CRC32C of every byte before the trailer
 *             +--------+----------------+--------+
 *
 *   root      "TMDIROOT" 8 | ver 2 | history: length 2, UTF-8
 *             LSN 8 | term 8 | redo chain 8
 *             base LSN 8 | root of the base: length 2, key | its bytes 8 | its SHA-256 32     (-1, "", 0, zeros: none)
 *             page bytes 4 | page ids 8 | pages per part 4
 *             changed pages 8 | SHA-256 over them, plain, in order 32
 *             objects 4 | (length 2, key of an object of parts) ...
 *             parts 4 | (object 4, offset 4, length 4, crc of the part 4) ..., one for each range of page ids
 *             crc 4
 * </pre>
 *
 * <p>Page ids are given out without gaps and never taken back, so places are found by counting: page {@code id} stands in
 * part {@code id / pagesPerPart}. A part in which nothing changed is that of the checkpoint before; it stays where it is
 * (rule CT4).
 */
final class DirectoryFormat {
    static final long PARTS_MAGIC = 0x544d444952505254L; // "TMDIRPRT"
    static final long PARTS_END_MAGIC = 0x544d444952454e44L; // "TMDIREND"
    static final long ROOT_MAGIC = 0x544d4449524f4f54L; // "TMDIROOT"
    static final short VERSION = 1;

    /** Page ids of one part: a fault reads at most some 25 KiB of directory, and the root takes 2 bytes per MiB of pages. */
    static final int PAGES_PER_PART = 1024;

    static final int PARTS_HEADER_FIXED_BYTES = 8 + 2 + 2 + 8;
    static final int CRC_BYTES = 4;
    static final int HASH_BYTES = 32;
    static final int PART_HEADER_BYTES = 4 + 4 + 8 + CRC_BYTES;
    static final int ENTRY_BYTES = 4 + 4 + 4 + 8 + 4;
    static final int PARTS_TRAILER_BYTES = CRC_BYTES + 8 + CRC_BYTES;

    /** No part is larger, plain: each of its pages in a pack of its own. */
    static final int PART_PLAIN_BYTES_MAX = 1 << 20;

    private DirectoryFormat() {}
}
