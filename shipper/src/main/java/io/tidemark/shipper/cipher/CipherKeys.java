package io.tidemark.shipper.cipher;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The keys of a store: the first enciphers, all decipher, so a new key is put in front of the old ones and those stay for
 * as long as objects of theirs are needed. Never shows a key. Immutable.
 */
public final class CipherKeys {
    static final int KEY_BYTES = 32;
    private static final byte[] NO_SALT = new byte[KEY_BYTES];

    private final Map<String, byte[]> byId = new LinkedHashMap<>();
    private final String current;

    private CipherKeys(List<byte[]> keys) {
        for (byte[] key : keys) {
            byId.put(id(key), key);
        }
        current = byId.keySet().iterator().next();
    }

    /**
     * Reads one key per line, 64 hex digits or 44 characters of Base64; empty lines and what follows a {@code #} do not
     * count.
     *
     * @param source named in errors; the text never is
     */
    public static CipherKeys parse(String source, String text) {
        List<byte[]> keys = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            String key = line.split("#", 2)[0].strip();
            if (!key.isEmpty()) {
                keys.add(key(source + ", line " + number, key));
            }
        }
        if (keys.isEmpty()) {
            throw new TidemarkException(
                    ErrorKind.INVALID, source + " holds no key; make one: head -c 32 /dev/urandom | base64");
        }
        return new CipherKeys(keys);
    }

    private static byte[] key(String source, String text) {
        byte[] key = new byte[0];
        try {
            key = text.matches("[0-9A-Fa-f]{64}")
                    ? HexFormat.of().parseHex(text)
                    : Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            // said below, without the text: it may be most of a key
        }
        if (key.length != KEY_BYTES || Arrays.equals(key, NO_SALT)) {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    source
                            + " is no key: a key is 32 random bytes in Base64 or hex; make one: head -c 32 /dev/urandom |"
                            + " base64");
        }
        return key;
    }

    /** What a key is called, 16 hex digits; nothing of the key can be told from it. */
    private static String id(byte[] key) {
        byte[] derived = Hkdf.derive(NO_SALT, key, "tidemark key id");
        return HexFormat.of().formatHex(derived, 0, CipherFormat.KEY_ID_BYTES);
    }

    /** Id of the key that enciphers. */
    public String current() {
        return current;
    }

    /** Ids of all keys, the one that enciphers first. */
    public List<String> ids() {
        return List.copyOf(byId.keySet());
    }

    Optional<byte[]> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    @Override
    public String toString() {
        return "CipherKeys" + ids();
    }
}
