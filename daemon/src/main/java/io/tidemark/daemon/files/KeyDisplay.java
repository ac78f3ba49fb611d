package io.tidemark.daemon.files;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Keys and values as text, where they are text. */
public final class KeyDisplay {
    private KeyDisplay() {}

    /** The bytes as text when they are valid UTF-8. */
    public static Optional<String> text(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /**
     * A key for people: its text; control characters, {@code %} and bytes that are no UTF-8 as {@code %XX}. Read back by
     * {@code --encoded}.
     */
    public static String show(byte[] key) {
        StringBuilder out = new StringBuilder(key.length + 16);
        Optional<String> text = text(key);
        if (text.isPresent()) {
            text.get().codePoints().forEach(c -> {
                if (c < 0x20 || c == 0x7f || c == '%') {
                    out.append(String.format("%%%02X", c));
                } else {
                    out.appendCodePoint(c);
                }
            });
        } else {
            for (byte b : key) {
                boolean plain = b > 0x20 && b < 0x7f && b != '%';
                out.append(plain ? Character.toString((char) b) : String.format("%%%02X", b & 0xff));
            }
        }
        return out.toString();
    }

    /** Reads {@link #show}'s form; {@link IllegalArgumentException} says what is no escape. */
    public static byte[] read(String shown) {
        byte[] raw = shown.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(raw.length);
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] != '%') {
                out.write(raw[i]);
                continue;
            }
            int high = i + 2 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
            int low = i + 2 < raw.length ? Character.digit(raw[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                throw new IllegalArgumentException("'%' is followed by two hexadecimal digits, not in '" + shown + "'");
            }
            out.write(high << 4 | low);
            i += 2;
        }
        return out.toByteArray();
    }
}
