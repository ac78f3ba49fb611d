package io.tidemark.bench.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.bench.peer.KeyValueEngine.Direction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the measurements rely on, of every engine alike. */
class PeerTest {
    private static final Memory MEMORY = new Memory(16 << 20);

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void keepsWhatItIsGivenThoughTheCallerReusesItsArrays(Peer peer) {
        try (KeyValueEngine engine = peer.open(directory, MEMORY)) {
            byte[] key = bytes("a");
            byte[] value = bytes("first");
            engine.put(key, value);
            key[0] = 'b';
            Arrays.fill(value, (byte) 'x');
            engine.put(key, value);
            assertEquals("first", get(engine, "a"));
            assertEquals("xxxxx", get(engine, "b"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void overwritesDeletesAndKnowsWhatIsNotThere(Peer peer) {
        try (KeyValueEngine engine = peer.open(directory, MEMORY)) {
            engine.put(bytes("a"), bytes("first"));
            engine.put(bytes("a"), bytes("second"));
            engine.put(bytes("b"), bytes("other"));
            engine.sync();
            assertEquals("second", get(engine, "a"));
            engine.delete(bytes("a"));
            assertEquals(null, get(engine, "a"));
            assertEquals(null, get(engine, "aa"));
            assertEquals("other", get(engine, "b"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void scansInBothOrdersAndStopsWhenToldTo(Peer peer) {
        try (KeyValueEngine engine = peer.open(directory, MEMORY)) {
            for (String key : List.of("b", "a", "d", "c")) {
                engine.put(bytes(key), bytes("of " + key));
            }
            assertEquals(List.of("a=of a", "b=of b", "c=of c", "d=of d"), scan(engine, Direction.FORWARD, 9));
            assertEquals(List.of("a=of a", "b=of b"), scan(engine, Direction.FORWARD, 2));
            assertEquals(List.of("d=of d", "c=of c", "b=of b"), scan(engine, Direction.BACKWARD, 3));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTransactionIsThereAfterReopening(Peer peer) {
        try (KeyValueEngine engine = peer.open(directory, MEMORY)) {
            engine.transaction(keys("a", "b"), keys("one", "two"));
            engine.put(bytes("c"), bytes("three"));
        }
        try (KeyValueEngine engine = peer.open(directory, MEMORY)) {
            assertEquals(List.of("a=one", "b=two", "c=three"), scan(engine, Direction.FORWARD, 9));
        }
    }

    @ParameterizedTest
    @EnumSource
    void saysItsVersion(Peer peer) {
        assertTrue(peer == Peer.TIDEMARK || peer.version().matches("\\d+\\.\\d+.*"), peer.version());
    }

    private static List<String> scan(KeyValueEngine engine, Direction direction, int most) {
        List<String> rows = new ArrayList<>();
        engine.scan(direction, (key, value, length) -> {
            rows.add(text(key, key.length) + "=" + text(value, length));
            return rows.size() < most;
        });
        return rows;
    }

    private static String get(KeyValueEngine engine, String key) {
        byte[] target = new byte[64];
        int length = engine.get(bytes(key), target);
        return length == KeyValueEngine.ABSENT ? null : text(target, length);
    }

    private static byte[][] keys(String... texts) {
        return Arrays.stream(texts).map(PeerTest::bytes).toArray(byte[][]::new);
    }

    private static String text(byte[] bytes, int length) {
        return new String(bytes, 0, length, StandardCharsets.US_ASCII);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
