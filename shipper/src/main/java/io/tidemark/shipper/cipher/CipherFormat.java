package io.tidemark.shipper.cipher;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The bytes of an enciphered object, version 1. Big-endian.
 *
 * <pre>
 *   object    header | block ...
 *
 *   header    0               8               16              24                56                88        104
 *             +---------------+---------------+---------------+-----------------+-----------------+---------+
 *             | "TMCIPHR1"    | key id        | plain bytes p | salt            | digest, sealed  | its tag |
 *             +---------------+---------------+---------------+-----------------+-----------------+---------+
 *   block i   0                                  b         b+16      b = 16,384, in the last block what is left of p
 *             +----------------------------------+---------+
 *             | plain bytes 16,384 i .., sealed  | tag     |
 *             +----------------------------------+---------+
 *
 *   sealed    AES-256-GCM under the object's own key: HKDF-SHA-256(salt, key of that id, "tidemark object 1")
 *   nonce     block i: 4 zero bytes, i in 8 bytes; digest: 12 bytes of 255
 *   bound     header bytes 0..55 | i in 8 bytes, -1 for the digest | the object's key below the prefix, UTF-8
 *   digest    SHA-256 of all plain bytes: equal content is told without the blocks (rule CT8)
 *   key id    the first 8 bytes of HKDF-SHA-256(no salt, key, "tidemark key id")
 * </pre>
 *
 * <p>The salt is random for every put, so no (key, nonce) is ever used twice and equal contents give different bytes. The
 * length of the stored object follows from {@code p} and the other way round. The header stands in the object's metadata
 * too, so that one ranged GET brings what a block needs to be opened.
 */
public final class CipherFormat {
    static final long MAGIC = 0x544d434950485231L; // "TMCIPHR1"
    static final int KEY_ID_BYTES = 8;
    static final int SALT_BYTES = 32;
    static final int SALT_OFFSET = 24;
    static final int DIGEST_OFFSET = SALT_OFFSET + SALT_BYTES;
    static final int TAG_BYTES = 16;
    static final int DIGEST_BYTES = 32;
    static final long DIGEST_BLOCK = -1;

    /** Length of the header. */
    public static final int HEADER_BYTES = DIGEST_OFFSET + DIGEST_BYTES + TAG_BYTES;

    /** Plain bytes of a block. Small, so that one page costs little more than itself; its tag adds a thousandth. */
    public static final int BLOCK_BYTES = 16 << 10;

    private CipherFormat() {}

    /** Whether these bytes begin as an enciphered object does. No plain object of this project begins so. */
    public static boolean isEnciphered(byte[] stored) {
        return stored.length >= Long.BYTES && ByteBuffer.wrap(stored).getLong() == MAGIC;
    }

    /** Id of the key that these bytes say they were enciphered with, 16 hex digits. */
    public static String keyId(byte[] stored) {
        int end = Math.min(stored.length, Long.BYTES + KEY_ID_BYTES);
        return HexFormat.of().formatHex(stored, Long.BYTES, end);
    }

    static long blocks(long plainBytes) {
        return (plainBytes + BLOCK_BYTES - 1) / BLOCK_BYTES;
    }

    /** Length of the object that holds so many plain bytes. */
    public static long storedBytes(long plainBytes) {
        return HEADER_BYTES + plainBytes + TAG_BYTES * blocks(plainBytes);
    }

    /** The other way; -1 when no object is so long. */
    public static long plainBytes(long storedBytes) {
        long body = storedBytes - HEADER_BYTES;
        if (body < 0) {
            return -1;
        }
        long last = body % (BLOCK_BYTES + TAG_BYTES);
        if (last != 0 && last <= TAG_BYTES) {
            return -1;
        }
        long whole = body / (BLOCK_BYTES + TAG_BYTES);
        return whole * BLOCK_BYTES + (last == 0 ? 0 : last - TAG_BYTES);
    }

    /** Where block {@code i} begins in the object. */
    static long blockOffset(long i) {
        return HEADER_BYTES + i * (BLOCK_BYTES + TAG_BYTES);
    }

    static byte[] nonce(long block) {
        return block == DIGEST_BLOCK
                ? ByteBuffer.allocate(12).putInt(-1).putLong(-1).array()
                : ByteBuffer.allocate(12).putInt(0).putLong(block).array();
    }

    static byte[] bound(byte[] header, long block, String objectKey) {
        byte[] name = objectKey.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(DIGEST_OFFSET + Long.BYTES + name.length)
                .put(header, 0, DIGEST_OFFSET)
                .putLong(block)
                .put(name)
                .array();
    }
}
