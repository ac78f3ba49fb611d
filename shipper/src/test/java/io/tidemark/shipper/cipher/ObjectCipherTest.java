package io.tidemark.shipper.cipher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.store.Hashes;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectCipherTest {
    private static final String KEY = "h/log/00000000000000000001-00000000000000000009.seg";
    private static final int B = CipherFormat.BLOCK_BYTES;

    private final ObjectCipher cipher = cipher(CipherKeysTest.HEX, 1);

    private static ObjectCipher cipher(String keys, long seed) {
        return new ObjectCipher(CipherKeys.parse("test", keys), new Random(seed));
    }

    private static byte[] plain(int bytes) {
        byte[] plain = new byte[bytes];
        new Random(bytes).nextBytes(plain);
        return plain;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, B - 1, B, B + 1, 3 * B, 3 * B + 77})
    void whatWasEncipheredIsDecipheredAndSaysSoBefore(int bytes) {
        byte[] plain = plain(bytes);
        byte[] stored = cipher.encipher(KEY, plain);

        assertEquals(CipherFormat.storedBytes(bytes), stored.length);
        assertEquals(bytes, CipherFormat.plainBytes(stored.length));
        assertArrayEquals(plain, cipher.decipher(KEY, stored));
        byte[] header = Arrays.copyOf(stored, CipherFormat.HEADER_BYTES);
        assertEquals(new ObjectCipher.Content(bytes, Hashes.sha256Hex(plain)), cipher.open(KEY, header));
        assertTrue(CipherFormat.isEnciphered(header));
        assertFalse(CipherFormat.isEnciphered(plain));
    }

    @Test
    void equalContentIsNeverEqualBytes() {
        byte[] plain = plain(1000);
        assertFalse(Arrays.equals(cipher.encipher(KEY, plain), cipher.encipher(KEY, plain)));
    }

    /** The golden file was made by another implementation, from the ruler in the format alone. */
    @Test
    void theGoldenObjectIsReadAndWrittenAsItWas() throws IOException {
        byte[] plain = plain(B + 500);
        byte[] golden;
        try (InputStream in = getClass().getResourceAsStream("enciphered-v1.hex")) {
            golden = HexFormat.of()
                    .parseHex(new String(in.readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII)
                            .replaceAll("\\s", ""));
        }
        assertArrayEquals(plain, cipher.decipher(KEY, golden));
        assertArrayEquals(golden, cipher(CipherKeysTest.HEX, 7).encipher(KEY, plain));
    }

    @Test
    void everyFlippedByteIsDetected() {
        byte[] stored = cipher.encipher(KEY, plain(700));
        for (int at = 0; at < stored.length; at++) {
            byte[] flipped = stored.clone();
            flipped[at] ^= (byte) (1 << at % 8);
            corrupt(() -> cipher.decipher(KEY, flipped));
        }
    }

    @Test
    void everyCutAndEveryLongerEndIsDetected() {
        byte[] stored = cipher.encipher(KEY, plain(B + 60));
        for (int length : new int[] {0, 7, 8, 103, 104, 104 + 16, B, B + 104, B + 120, stored.length - 1}) {
            corrupt(() -> cipher.decipher(KEY, Arrays.copyOf(stored, length)));
        }
        corrupt(() -> cipher.decipher(KEY, Arrays.copyOf(stored, stored.length + 1)));
        corrupt(() -> cipher.decipher(KEY, Arrays.copyOf(stored, stored.length + B + 16)));
    }

    @Test
    void blocksAreBoundToTheirPlaceAndObjectsToTheirName() {
        byte[] stored = cipher.encipher(KEY, plain(3 * B));
        corrupt(() -> cipher.decipher(KEY + "x", stored));

        int step = B + 16;
        byte[] swapped = stored.clone();
        System.arraycopy(stored, 104, swapped, 104 + step, step);
        System.arraycopy(stored, 104 + step, swapped, 104, step);
        corrupt(() -> cipher.decipher(KEY, swapped));

        byte[] other = cipher.encipher(KEY, plain(3 * B));
        byte[] mixed = stored.clone();
        System.arraycopy(other, 104 + step, mixed, 104 + step, step);
        corrupt(() -> cipher.decipher(KEY, mixed));

        byte[] block = Arrays.copyOfRange(stored, 104 + step, 104 + 2 * step);
        assertArrayEquals(Arrays.copyOfRange(plain(3 * B), B, 2 * B), cipher.blocks(KEY, stored, 1, block));
        corrupt(() -> cipher.blocks(KEY, stored, 2, block));
    }

    @Test
    void afterARotationOldObjectsAreReadAndAMissingKeyIsNamed() {
        byte[] plain = plain(300);
        byte[] old = cipher.encipher(KEY, plain);
        ObjectCipher rotated = cipher(CipherKeysTest.BASE64 + "\n" + CipherKeysTest.HEX, 2);

        assertArrayEquals(plain, rotated.decipher(KEY, old));
        byte[] fresh = rotated.encipher(KEY, plain);
        TidemarkException unknown = assertThrows(TidemarkException.class, () -> cipher.decipher(KEY, fresh));
        String id = CipherKeys.parse("test", CipherKeysTest.BASE64).current();
        assertTrue(unknown.getMessage().contains("enciphered with key " + id), unknown.getMessage());
    }

    private static void corrupt(org.junit.jupiter.api.function.Executable work) {
        TidemarkException damaged = assertThrows(TidemarkException.class, work);
        assertEquals(ErrorKind.CORRUPT, damaged.kind());
        assertTrue(damaged.getMessage().contains(KEY), damaged.getMessage());
    }
}
