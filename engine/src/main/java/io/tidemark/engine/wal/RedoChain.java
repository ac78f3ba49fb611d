package io.tidemark.engine.wal;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The running hash that replicas compare (rule W3): the first eight bytes, big-endian, of SHA-256 over (chain before, LSN,
 * redo bytes), the two numbers as eight big-endian bytes. Nothing local goes in: not the term, not the files, not the
 * syncs. Allocates nothing per step. Not thread-safe.
 */
public final class RedoChain {
    private final MessageDigest sha256;
    private final byte[] prefix = new byte[16];
    private final byte[] digest = new byte[32];

    public RedoChain() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The chain after the entry at {@code lsn}, whose redo is {@code redo[offset..offset+length)}. */
    public long after(long chainBefore, long lsn, byte[] redo, int offset, int length) {
        putLong(prefix, 0, chainBefore);
        putLong(prefix, 8, lsn);
        sha256.update(prefix, 0, prefix.length);
        sha256.update(redo, offset, length);
        try {
            sha256.digest(digest, 0, digest.length);
        } catch (DigestException e) {
            throw new IllegalStateException("SHA-256 has 32 bytes", e);
        }
        return getLong(digest);
    }

    private static void putLong(byte[] target, int at, long value) {
        for (int i = 0; i < 8; i++) {
            target[at + i] = (byte) (value >>> (56 - 8 * i));
        }
    }

    private static long getLong(byte[] source) {
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = (value << 8) | (source[i] & 0xFF);
        }
        return value;
    }
}
