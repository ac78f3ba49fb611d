package io.tidemark.daemon.inspect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.cipher.CipherKeys;
import io.tidemark.shipper.cipher.ObjectCipher;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EncryptedFileTest {
    private static final CipherKeys KEYS = CipherKeys.parse("test", "33".repeat(32));
    private static final byte[] PLAIN = {1, 2, 3};

    @Test
    void itsKeyInTheBucketIsReadOffItsPath() {
        assertEquals("h/log/1-2.seg", EncryptedFile.objectKey(Path.of("/data/prefix/h/log/1-2.seg")));
        assertEquals("h/history.json", EncryptedFile.objectKey(Path.of("/data/prefix/h/history.json")));
    }

    @Test
    void whoHasTheKeysSeesTheContentAndOthersAreToldWhichKeyItTakes() {
        byte[] stored = new ObjectCipher(KEYS, new Random(1)).encipher("h/log/1-2.seg", PLAIN);
        assertArrayEquals(PLAIN, EncryptedFile.content(Path.of("/any/h/log/1-2.seg"), stored, KEYS));
        assertArrayEquals(PLAIN, EncryptedFile.content(Path.of("/any/where"), PLAIN, null));

        TidemarkException locked = assertThrows(
                TidemarkException.class, () -> EncryptedFile.content(Path.of("/any/h/log/1-2.seg"), stored, null));
        assertEquals(ErrorKind.INVALID, locked.kind());
        assertTrue(locked.getMessage().contains("encrypted with key " + KEYS.current()), locked.getMessage());
        TidemarkException moved = assertThrows(
                TidemarkException.class, () -> EncryptedFile.content(Path.of("/any/h/log/3-4.seg"), stored, KEYS));
        assertEquals(ErrorKind.CORRUPT, moved.kind());
    }
}
