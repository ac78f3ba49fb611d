package io.tidemark.shipper.cipher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CipherKeysTest {
    static final String HEX = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    static final String BASE64 = "/////////////////////////////////////////wA=";

    @Test
    void theFirstKeyEnciphersAndAllAreKnown() {
        CipherKeys keys = CipherKeys.parse("test", "# rotated in May\n" + HEX + "  # new\n\n" + BASE64 + "\n");
        assertEquals(2, keys.ids().size());
        assertEquals(keys.ids().get(0), keys.current());
        assertEquals(
                keys.current(),
                CipherKeys.parse("test", HEX.toUpperCase(java.util.Locale.ROOT)).current());
    }

    @Test
    void aKeyIsNeverShown() {
        CipherKeys keys = CipherKeys.parse("test", HEX);
        assertFalse(keys.toString().contains(HEX.substring(0, 16)), keys.toString());
        assertEquals("CipherKeys[" + keys.current() + "]", keys.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "secret", "0011", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "zz"})
    void whatIsNoKeyIsRefusedWithoutShowingIt(String text) {
        TidemarkException refused = assertThrows(TidemarkException.class, () -> CipherKeys.parse("key file f", text));
        assertEquals(ErrorKind.INVALID, refused.kind());
        assertTrue(refused.getMessage().startsWith("key file f"), refused.getMessage());
        assertTrue(refused.getMessage().contains("head -c 32 /dev/urandom | base64"), refused.getMessage());
        assertFalse(!text.isBlank() && refused.getMessage().contains(text), refused.getMessage());
    }
}
