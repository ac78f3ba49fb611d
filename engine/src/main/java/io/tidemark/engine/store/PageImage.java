package io.tidemark.engine.store;

import java.nio.ByteBuffer;

/**
 * A page on its way to disk: a private copy, its CRC set.
 *
 * @param bytes exactly one page, positioned at its start
 */
public record PageImage(long pageId, long pageLsn, int crc, ByteBuffer bytes) {}
