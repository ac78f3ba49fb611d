package io.tidemark.shipper.store;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Digests as every Java platform must have them. */
public final class Hashes {
    private Hashes() {}

    public static MessageDigest sha256() {
        return digest("SHA-256");
    }

    static MessageDigest md5() {
        return digest("MD5");
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(algorithm + " is missing from this Java runtime", e);
        }
    }

    /** 64 hex digits. */
    public static String sha256Hex(byte[] bytes) {
        return java.util.HexFormat.of().formatHex(sha256().digest(bytes));
    }
}
