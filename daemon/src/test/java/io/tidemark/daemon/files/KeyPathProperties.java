package io.tidemark.daemon.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class KeyPathProperties {
    private static final Path ROOT = Path.of("/srv/some root");

    /** Any bytes but zero and slash, as Linux allows. */
    @Provide
    Arbitrary<byte[]> name() {
        return Arbitraries.bytes()
                .filter(b -> b != 0 && b != '/')
                .array(byte[].class)
                .ofMinSize(1)
                .ofMaxSize(40)
                .filter(n -> !isStep(n));
    }

    @Property
    void aNameSurvivesTheWayThroughAPath(@ForAll("name") byte[] name) {
        Path child = KeyPath.child(ROOT, name);
        assertArrayEquals(name, KeyPath.name(child));
        assertEquals(ROOT, child.getParent());
    }

    @Property
    void namesJoinedToAKeyAreFoundInIt(@ForAll("name") byte[] first, @ForAll("name") byte[] second) {
        byte[] key = KeyPath.join(KeyPath.join(new byte[0], first), second);
        assertTrue(KeyPath.whyNoPath(key).isEmpty());
        List<byte[]> names = KeyPath.names(key);
        assertEquals(2, names.size());
        assertArrayEquals(first, names.get(0));
        assertArrayEquals(second, names.get(1));
    }

    @Property
    void noKeyLeadsOutOfTheRoot(@ForAll byte[] key) {
        if (KeyPath.whyNoPath(key).isPresent()) {
            return;
        }
        Path at = ROOT;
        for (byte[] name : KeyPath.names(key)) {
            at = KeyPath.child(at, name);
        }
        assertTrue(at.normalize().startsWith(ROOT), at.toString());
        assertEquals(at, at.normalize());
        assertFalse(at.equals(ROOT));
    }

    @Property
    void aShownKeyIsReadBack(@ForAll byte[] key) {
        assertArrayEquals(key, KeyDisplay.read(KeyDisplay.show(key)));
    }

    @Property
    void aRecordSurvivesItsLineOfJson(@ForAll byte[] key, @ForAll byte[] value) {
        byte[] line = NdjsonRecord.toJson(key, value).toString().getBytes(StandardCharsets.UTF_8);
        NdjsonRecord read = NdjsonRecord.parse(line);
        assertArrayEquals(key, read.key());
        assertArrayEquals(value, read.value());
    }

    @Example
    void hostileKeysAreNoPaths() {
        for (String key :
                List.of("", "/", "/etc/passwd", "..", "../x", "a/../b", "a/..", ".", "./a", "a//b", "a/./b", "//")) {
            assertTrue(KeyPath.whyNoPath(key.getBytes(StandardCharsets.UTF_8)).isPresent(), key);
        }
        assertTrue(KeyPath.whyNoPath(new byte[] {'a', 0, 'b'}).isPresent());
        assertTrue(KeyPath.whyNoPath("x".repeat(256).getBytes(StandardCharsets.UTF_8))
                .isPresent());
        for (String key : List.of("a", "...", "..a", "a..", "a/b", "a/", "~", "-rf", "a b", "%2e%2e/x")) {
            assertTrue(KeyPath.whyNoPath(key.getBytes(StandardCharsets.UTF_8)).isEmpty(), key);
        }
    }

    private static boolean isStep(byte[] name) {
        String text = new String(name, StandardCharsets.ISO_8859_1);
        return text.equals(".") || text.equals("..");
    }
}
