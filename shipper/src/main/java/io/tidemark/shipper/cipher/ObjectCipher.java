package io.tidemark.shipper.cipher;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Enciphers and deciphers objects, whole or by range, in the form of {@link CipherFormat}. Thread-safe if its salts are. */
public final class ObjectCipher {
    private final CipherKeys keys;
    private final RandomGenerator salts;

    /** @param salts a {@link java.security.SecureRandom} but in tests */
    public ObjectCipher(CipherKeys keys, RandomGenerator salts) {
        this.keys = keys;
        this.salts = salts;
    }

    /**
     * What an authentic header says.
     *
     * @param plainBytes length of the content
     * @param sha256 of the content, hex
     */
    public record Content(long plainBytes, String sha256) {}

    /** The object to store under {@code objectKey}; other bytes at each call. */
    public byte[] encipher(String objectKey, byte[] plain) {
        byte[] salt = new byte[CipherFormat.SALT_BYTES];
        salts.nextBytes(salt);
        ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(CipherFormat.storedBytes(plain.length)));
        out.putLong(CipherFormat.MAGIC)
                .put(HexFormat.of().parseHex(keys.current()))
                .putLong(plain.length)
                .put(salt);
        Sealed sealed = new Sealed(objectKey, out.array());
        sealed.seal(CipherFormat.DIGEST_BLOCK, sha256(plain), 0, CipherFormat.DIGEST_BYTES, out);
        for (long i = 0; i < CipherFormat.blocks(plain.length); i++) {
            int from = Math.toIntExact(i * CipherFormat.BLOCK_BYTES);
            sealed.seal(i, plain, from, Math.min(CipherFormat.BLOCK_BYTES, plain.length - from), out);
        }
        return out.array();
    }

    /** The content of a whole object; {@code CORRUPT} when a byte of it, its length or its name is another. */
    public byte[] decipher(String objectKey, byte[] stored) {
        Content content = open(objectKey, stored);
        requireLength(objectKey, content, stored.length);
        return blocks(objectKey, stored, 0, Arrays.copyOfRange(stored, CipherFormat.HEADER_BYTES, stored.length));
    }

    /** Checks a header, or an object's first bytes, and says what it is about. */
    public Content open(String objectKey, byte[] header) {
        Sealed sealed = new Sealed(objectKey, header);
        ByteBuffer digest = ByteBuffer.allocate(CipherFormat.DIGEST_BYTES);
        sealed.open(
                CipherFormat.DIGEST_BLOCK,
                header,
                CipherFormat.DIGEST_OFFSET,
                CipherFormat.DIGEST_BYTES + CipherFormat.TAG_BYTES,
                digest);
        return new Content(sealed.plainBytes, HexFormat.of().formatHex(digest.array()));
    }

    /**
     * The content of a run of blocks.
     *
     * @param header of the object
     * @param first number of the first block
     * @param stored the blocks as they stand in the object, whole
     */
    public byte[] blocks(String objectKey, byte[] header, long first, byte[] stored) {
        Sealed sealed = new Sealed(objectKey, header);
        int step = CipherFormat.BLOCK_BYTES + CipherFormat.TAG_BYTES;
        int count = (stored.length + step - 1) / step;
        ByteBuffer plain = ByteBuffer.allocate(Math.max(0, stored.length - count * CipherFormat.TAG_BYTES));
        for (int i = 0; i < count; i++) {
            sealed.open(first + i, stored, i * step, Math.min(step, stored.length - i * step), plain);
        }
        return plain.array();
    }

    /** {@code CORRUPT} unless an object of this content is so long. */
    public static void requireLength(String objectKey, Content content, long storedBytes) {
        long expected = CipherFormat.storedBytes(content.plainBytes());
        if (storedBytes != expected) {
            throw damaged(objectKey, "its length should be " + expected + ", found " + storedBytes, null);
        }
    }

    private static byte[] sha256(byte[] plain) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(plain);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("SHA-256 is missing from this Java runtime", e);
        }
    }

    private static TidemarkException damaged(String objectKey, String what, Throwable cause) {
        return new TidemarkException(
                ErrorKind.CORRUPT, "enciphered object " + objectKey + " is damaged: " + what, cause);
    }

    /** One object under its own key. */
    private final class Sealed {
        private final String objectKey;
        private final byte[] header;
        private final long plainBytes;
        private final SecretKeySpec key;

        Sealed(String objectKey, byte[] bytes) {
            if (bytes.length < CipherFormat.HEADER_BYTES || !CipherFormat.isEnciphered(bytes)) {
                throw damaged(objectKey, "it does not begin with a whole header", null);
            }
            this.objectKey = objectKey;
            this.header = Arrays.copyOf(bytes, CipherFormat.DIGEST_OFFSET);
            this.plainBytes = ByteBuffer.wrap(bytes).getLong(Long.BYTES + CipherFormat.KEY_ID_BYTES);
            String id = HexFormat.of().formatHex(bytes, Long.BYTES, Long.BYTES + CipherFormat.KEY_ID_BYTES);
            byte[] master = keys.find(id)
                    .orElseThrow(() -> new TidemarkException(
                            ErrorKind.CORRUPT,
                            "object " + objectKey + " was enciphered with key " + id + ", and the keys given are "
                                    + keys.ids() + ": add that key, or the object is damaged"));
            byte[] salt = Arrays.copyOfRange(bytes, CipherFormat.SALT_OFFSET, CipherFormat.DIGEST_OFFSET);
            this.key = new SecretKeySpec(Hkdf.derive(salt, master, "tidemark object 1"), "AES");
        }

        void seal(long block, byte[] plain, int from, int bytes, ByteBuffer out) {
            run(Cipher.ENCRYPT_MODE, block, plain, from, bytes, out);
        }

        void open(long block, byte[] stored, int from, int bytes, ByteBuffer out) {
            run(Cipher.DECRYPT_MODE, block, stored, from, bytes, out);
        }

        private void run(int mode, long block, byte[] in, int from, int bytes, ByteBuffer out) {
            try {
                Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
                cipher.init(
                        mode, key, new GCMParameterSpec(CipherFormat.TAG_BYTES * Byte.SIZE, CipherFormat.nonce(block)));
                cipher.updateAAD(CipherFormat.bound(header, block, objectKey));
                int written = cipher.doFinal(in, from, bytes, out.array(), out.position());
                out.position(out.position() + written);
            } catch (AEADBadTagException e) {
                throw damaged(
                        objectKey,
                        (block == CipherFormat.DIGEST_BLOCK ? "its header" : "block " + block)
                                + " is not what was put here under this name",
                        e);
            } catch (GeneralSecurityException e) {
                throw damaged(objectKey, "block " + block + " cannot be opened: " + e.getMessage(), e);
            }
        }
    }
}
