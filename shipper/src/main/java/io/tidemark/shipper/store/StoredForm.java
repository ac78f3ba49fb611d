package io.tidemark.shipper.store;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.cipher.CipherFormat;
import io.tidemark.shipper.cipher.ObjectCipher;
import io.tidemark.shipper.store.ObjectStore.ObjectInfo;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * How content stands in S3, as it is or enciphered, and what is written beside it:
 *
 * <pre>
 *   x-amz-meta-tidemark-sha256   hash of the object's bytes as they stand there, hex
 *   x-amz-meta-tidemark-put      one id per call of putIfAbsent: a PUT whose answer was lost is told from another writer's
 *   x-amz-meta-tidemark-cipher   the header of an enciphered object, Base64; absent for a plain one
 * </pre>
 *
 * <p>An object that lost its metadata in a copy is still read. Thread-safe.
 */
final class StoredForm {
    static final String SHA256 = "tidemark-sha256";
    static final String PUT_ID = "tidemark-put";
    static final String CIPHER = "tidemark-cipher";

    /** Null when nothing is enciphered. */
    private final ObjectCipher cipher;

    private final boolean acceptPlain;

    StoredForm(S3Options.Encryption encryption, RandomGenerator salts) {
        cipher = encryption.keys() == null ? null : new ObjectCipher(encryption.keys(), salts);
        acceptPlain = encryption.acceptPlain();
    }

    boolean enciphers() {
        return cipher != null;
    }

    byte[] stored(String key, byte[] plain) {
        return cipher == null ? plain : cipher.encipher(key, plain);
    }

    Map<String, String> metadata(byte[] stored, String putId) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put(SHA256, Hashes.sha256Hex(stored));
        metadata.put(PUT_ID, putId);
        if (cipher != null) {
            metadata.put(CIPHER, Base64.getEncoder().encodeToString(Arrays.copyOf(stored, CipherFormat.HEADER_BYTES)));
        }
        return metadata;
    }

    /** The content of a whole object. */
    byte[] plain(String key, byte[] stored) {
        if (!CipherFormat.isEnciphered(stored)) {
            requireEnciphered(key);
            return stored;
        }
        return cipher(key).decipher(key, stored);
    }

    /** What is known of an object by its metadata: the hash is null when only the object itself could tell. */
    ObjectInfo info(String key, long storedBytes, Map<String, String> metadata) {
        byte[] header = header(key, metadata);
        if (header != null) {
            ObjectCipher.Content content = cipher(key).open(key, header);
            ObjectCipher.requireLength(key, content, storedBytes);
            return new ObjectInfo(key, content.plainBytes(), content.sha256());
        }
        return cipher == null || acceptPlain
                ? new ObjectInfo(key, storedBytes, metadata.get(SHA256))
                : new ObjectInfo(key, CipherFormat.plainBytes(storedBytes), null);
    }

    /** Content of an object in a listing; -1 when only the object itself could tell. */
    long listedBytes(long storedBytes) {
        return cipher == null ? storedBytes : acceptPlain ? -1 : CipherFormat.plainBytes(storedBytes);
    }

    /** The header that the metadata holds; null when there is none. */
    byte[] header(String key, Map<String, String> metadata) {
        String text = metadata.get(CIPHER);
        if (text == null) {
            return null;
        }
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new TidemarkException(ErrorKind.CORRUPT, "metadata of object " + key + " is damaged: " + text, e);
        }
    }

    /** {@code CORRUPT} for a plain object where all should be enciphered. */
    void requireEnciphered(String key) {
        if (cipher != null && !acceptPlain) {
            throw new TidemarkException(
                    ErrorKind.CORRUPT,
                    "object " + key + " is not enciphered, and this cluster enciphers: somebody put it there, or it is"
                            + " from before; then set s3-encryption-accept-plain=true");
        }
    }

    /** {@code INVALID} when there are no keys. */
    ObjectCipher cipher(String key) {
        if (cipher == null) {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    "object " + key + " is enciphered; give its key by s3-encryption-key-file or"
                            + " s3-encryption-key-command");
        }
        return cipher;
    }
}
