package io.tidemark.daemon.inspect;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.cipher.CipherFormat;
import io.tidemark.shipper.cipher.CipherKeys;
import io.tidemark.shipper.cipher.ObjectCipher;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * An object that may be encrypted, as a file. It is bound to its key in the bucket, which is read off the file's path: the
 * folders of a history must be above it as they were there.
 */
final class EncryptedFile {
    private EncryptedFile() {}

    /**
     * The content.
     *
     * @param keys null for none
     */
    static byte[] content(Path file, byte[] bytes, CipherKeys keys) {
        if (!CipherFormat.isEnciphered(bytes)) {
            return bytes;
        }
        if (keys == null) {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    file + " is encrypted with key " + CipherFormat.keyId(bytes) + "; give --keys FILE");
        }
        return new ObjectCipher(keys, new SecureRandom()).decipher(objectKey(file), bytes);
    }

    /** {@code HISTORY/log/NAME}, {@code HISTORY/manifest/NAME} or {@code HISTORY/history.json}. */
    static String objectKey(Path file) {
        Path whole = file.toAbsolutePath().normalize();
        int names = whole.endsWith("history.json") ? 2 : 3;
        if (whole.getNameCount() < names) {
            throw new TidemarkException(
                    ErrorKind.INVALID, file + " is encrypted and must lie in the folders that it had in the bucket");
        }
        StringBuilder key = new StringBuilder();
        for (Path name : whole.subpath(whole.getNameCount() - names, whole.getNameCount())) {
            key.append(key.isEmpty() ? "" : "/").append(name);
        }
        return key.toString();
    }
}
