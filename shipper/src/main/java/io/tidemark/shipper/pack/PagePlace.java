package io.tidemark.shipper.pack;

/**
 * Where the image of a page is, and what it must be.
 *
 * @param pack key of the object that holds it
 * @param offset of its first byte there
 * @param length bytes as stored: one ranged read of them is enough
 * @param pageLsn LSN of the last entry that changed the page
 * @param crc CRC32C of the plain page, as it stands in its header
 */
public record PagePlace(long pageId, String pack, int offset, int length, long pageLsn, int crc) {}
