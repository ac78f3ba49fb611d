package io.tidemark.daemon.files;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Names of files as the bytes they are. Java's own strings lose bytes that are not of the locale's encoding; its {@code
 * file:} URIs keep them, so names go in and out through those.
 */
final class KeyPath {
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private KeyPath() {}

    /** The last name of the path, byte for byte. */
    static byte[] name(Path path) {
        String raw = path.toUri().getRawPath();
        String trimmed = raw.endsWith("/") ? raw.substring(0, raw.length() - 1) : raw;
        return unescape(trimmed.substring(trimmed.lastIndexOf('/') + 1));
    }

    /** The child of an existing directory with this name, byte for byte. The name is one of {@link #names}. */
    static Path child(Path directory, byte[] name) {
        String parent = directory.toUri().getRawPath();
        String slash = parent.endsWith("/") ? "" : "/";
        return Path.of(URI.create("file://" + parent + slash + escape(name)));
    }

    /** The key of a child whose parent has this key; the root has the empty key. */
    static byte[] join(byte[] parent, byte[] name) {
        if (parent.length == 0) {
            return name;
        }
        byte[] joined = Arrays.copyOf(parent, parent.length + 1 + name.length);
        joined[parent.length] = '/';
        System.arraycopy(name, 0, joined, parent.length + 1, name.length);
        return joined;
    }

    /** The names that a key joins; one slash at its end is no name. Only of a key without {@link #whyNoPath}. */
    static List<byte[]> names(byte[] key) {
        List<byte[]> names = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < key.length; i++) {
            if (key[i] == '/') {
                names.add(Arrays.copyOfRange(key, start, i));
                start = i + 1;
            }
        }
        if (start < key.length) {
            names.add(Arrays.copyOfRange(key, start, key.length));
        }
        return names;
    }

    /** Empty when the key names a file or directory below a root, and only there; otherwise why it does not. */
    static Optional<String> whyNoPath(byte[] key) {
        if (key.length == 0) {
            return Optional.of("it is empty");
        }
        if (key[0] == '/') {
            return Optional.of("it begins with a slash");
        }
        for (byte[] name : names(key)) {
            String text = new String(name, StandardCharsets.ISO_8859_1);
            if (text.isEmpty()) {
                return Optional.of("it has two slashes in a row");
            }
            if (text.equals(".") || text.equals("..")) {
                return Optional.of("'" + text + "' is a step, not a name");
            }
            if (text.indexOf('\0') >= 0) {
                return Optional.of("a zero byte cannot be in a name");
            }
            if (name.length > 255) {
                return Optional.of("a name of " + name.length + " bytes is longer than the 255 of file systems");
            }
        }
        return Optional.empty();
    }

    private static String escape(byte[] name) {
        StringBuilder out = new StringBuilder(name.length + 16);
        for (byte b : name) {
            boolean plain =
                    b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '-' || b == '_';
            if (plain) {
                out.append((char) b);
            } else {
                out.append('%').append(HEX[(b >> 4) & 15]).append(HEX[b & 15]);
            }
        }
        return out.toString();
    }

    private static byte[] unescape(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '%') {
                out.write(Integer.parseInt(text, i + 1, i + 3, 16));
                i += 2;
            } else {
                out.write(text.charAt(i));
            }
        }
        return out.toByteArray();
    }
}
