package io.tidemark.shipper.cipher;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HKDF-SHA-256 (RFC 5869) for one output block; the JDK has it from version 25 only. */
final class Hkdf {
    static final int OUTPUT_BYTES = 32;

    private Hkdf() {}

    /** @param salt at least one byte */
    static byte[] derive(byte[] salt, byte[] key, String info) {
        return derive(salt, key, info.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] derive(byte[] salt, byte[] key, byte[] info) {
        byte[] extracted = hmac(salt, key);
        byte[] expand = java.util.Arrays.copyOf(info, info.length + 1);
        expand[info.length] = 1;
        return hmac(extracted, expand);
    }

    private static byte[] hmac(byte[] key, byte[] message) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256 is missing from this Java runtime", e);
        }
    }
}
