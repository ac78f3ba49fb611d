package io.tidemark.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class KeyTextTest {

    @Test
    void whatIsPlainStaysReadable() {
        assertEquals("docs/a-b_c~1.txt", KeyText.encode(bytes("docs/a-b_c~1.txt")));
        assertEquals("a%20b%2Bc%25", KeyText.encode(bytes("a b+c%")));
    }

    @Test
    void besideTwoDotsNothingLooksLikeAStepUpward() {
        assertEquals("a%2F%2E%2E%2Fb", KeyText.encode(bytes("a/../b")));
    }

    @Test
    void anEscapeIsTwoDigits() {
        assertArrayEquals(new byte[] {(byte) 0xff, 'a'}, KeyText.decode("%fFa"));
        for (String bad : new String[] {"%", "%1", "a%", "%zz", "%%%", "%u0041"}) {
            assertThrows(IllegalArgumentException.class, () -> KeyText.decode(bad), bad);
        }
        assertThrows(IllegalArgumentException.class, () -> KeyText.decode("\u00e4"));
        assertThrows(IllegalArgumentException.class, () -> KeyText.decode("%41\u00e4"));
    }

    @Property(tries = 500)
    void everyKeyComesBack(@ForAll byte[] key) {
        String text = KeyText.encode(key);
        assertFalse(text.contains(".."));
        assertArrayEquals(key, KeyText.decode(text));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
