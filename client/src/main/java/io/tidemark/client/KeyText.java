package io.tidemark.client;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Keys in URLs: each byte that is not a letter, a digit or one of {@code - _ ~ . /} is written as {@code %XX}. In a key
 * with two dots in a row dots and slashes are escaped too: escaped or not, HTTP servers take {@code ..} between slashes
 * for a step upward.
 */
public final class KeyText {
    private static final String PLAIN = "-_~./";
    private static final String PLAIN_BESIDE_DOTS = "-_~";
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private KeyText() {}

    public static String encode(byte[] key) {
        StringBuilder out = new StringBuilder(key.length + 16);
        String others = new String(key, StandardCharsets.ISO_8859_1).contains("..") ? PLAIN_BESIDE_DOTS : PLAIN;
        for (byte b : key) {
            char c = (char) (b & 0xff);
            boolean plain = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (plain || others.indexOf(c) >= 0) {
                out.append(c);
            } else {
                out.append('%').append(HEX[c >> 4]).append(HEX[c & 15]);
            }
        }
        return out.toString();
    }

    /**
     * The bytes that a URL's part stands for. A plus sign is a plus sign.
     *
     * @throws IllegalArgumentException when an escape is not two hexadecimal digits, or a character is not ASCII
     */
    public static byte[] decode(String text) {
        if (text.indexOf('%') < 0) {
            checkAscii(text);
            return text.getBytes(StandardCharsets.ISO_8859_1);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                out.write(escape(text, i));
                i += 2;
            } else {
                checkAscii(c, text);
                out.write(c);
            }
        }
        return out.toByteArray();
    }

    private static int escape(String text, int at) {
        int high = at + 2 < text.length() ? Character.digit(text.charAt(at + 1), 16) : -1;
        int low = at + 2 < text.length() ? Character.digit(text.charAt(at + 2), 16) : -1;
        if (high < 0 || low < 0) {
            throw new IllegalArgumentException(
                    "'" + text.substring(at, Math.min(at + 3, text.length())) + "' at " + at + " is no escape: %XX is");
        }
        return high << 4 | low;
    }

    private static void checkAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            checkAscii(text.charAt(i), text);
        }
    }

    private static void checkAscii(char c, String text) {
        if (c < 0x20 || c > 0x7e) {
            throw new IllegalArgumentException("a byte outside of printable ASCII is written as %XX; found character "
                    + (int) c + " in '" + text + "'");
        }
    }
}
